//! What a search for personal data looks for: what a policy says, or what holds without one, narrowed as it was asked.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::gates::QUALITY;
use super::pii::{self, CustomDetector, Least, PiiDetector, RuleDetector, Search};
use super::{PiiKind, PiiPolicyRef, PiiRule, PiiSearched, PiiType, PutPiiPolicy};
use crate::base::{Error, Result, check_text};

/// The confidence that counts when nobody says.
const CONFIDENCE: f64 = 0.5;
/// The most that may be asked for without a policy and still clear a dataset.
const STRICT_CONFIDENCE: f64 = 0.8;
/// The longest description.
const DESCRIPTION: usize = 1000;

/// The content of a version of a policy, with everything filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct PolicyBody {
    pub description: Option<String>,
    pub kinds: Vec<PiiKind>,
    pub rules: Vec<PiiRule>,
    pub waivers: bool,
    pub min_quality: f64,
}

impl PolicyBody {
    /// What is asked for, unless it cannot be searched by.
    pub(super) fn of(req: &PutPiiPolicy) -> Result<Self> {
        check_text("description", req.description.as_deref().unwrap_or_default(), DESCRIPTION)?;
        let all = || PiiType::ALL.iter().map(|kind| PiiKind { pii_type: *kind, min_confidence: None, allowed: None });
        let kinds = req.kinds.clone().unwrap_or_else(|| all().collect());
        if kinds.is_empty() && req.rules.is_empty() {
            return Err(Error::invalid("kinds", "must name a kind, as there are no rules")
                .hint("leave it out to search for all kinds"));
        }
        for (at, kind) in kinds.iter().enumerate() {
            if kinds[..at].iter().any(|other| other.pii_type == kind.pii_type) {
                let rule = format!("names `{}` a second time", kind.pii_type.name());
                return Err(Error::invalid(format!("kinds[{at}].type"), rule).hint("name each kind once"));
            }
        }
        for at in 0..req.rules.len() {
            check_rule(at, &req.rules)?;
        }
        CustomDetector::new(&req.rules)?;
        let kind = |kind: PiiKind| PiiKind {
            min_confidence: Some(kind.min_confidence.unwrap_or(CONFIDENCE)),
            allowed: Some(kind.allowed.unwrap_or_default()),
            ..kind
        };
        let rule = |rule: &PiiRule| PiiRule {
            confidence: Some(rule.confidence.unwrap_or(pii::CONFIDENCE)),
            confidence_alone: rule.context.as_ref().map(|_| rule.confidence_alone.unwrap_or(pii::ALONE)),
            min_confidence: Some(rule.min_confidence.unwrap_or(CONFIDENCE)),
            allowed: Some(rule.allowed.unwrap_or_default()),
            ..rule.clone()
        };
        Ok(Self {
            description: req.description.clone(),
            kinds: kinds.into_iter().map(kind).collect(),
            rules: req.rules.iter().map(rule).collect(),
            waivers: req.waivers.unwrap_or(false),
            min_quality: req.min_quality.unwrap_or(QUALITY),
        })
    }

    /// All that it searches for.
    fn searched(&self) -> impl Iterator<Item = PiiSearched> {
        let least = |asked: Option<f64>| asked.unwrap_or(CONFIDENCE);
        let kinds = self.kinds.iter().map(move |kind| PiiSearched {
            pii_type: kind.pii_type,
            rule: None,
            min_confidence: least(kind.min_confidence),
            allowed: kind.allowed.unwrap_or_default(),
        });
        kinds.chain(self.rules.iter().map(move |rule| PiiSearched {
            pii_type: PiiType::Custom,
            rule: Some(rule.name.clone()),
            min_confidence: least(rule.min_confidence),
            allowed: rule.allowed.unwrap_or_default(),
        }))
    }
}

fn check_rule(at: usize, rules: &[PiiRule]) -> Result<()> {
    let rule = &rules[at];
    let field = |name: &str| format!("rules[{at}].{name}");
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if rule.name.len() > 64 || !rule.name.starts_with(|c: char| c.is_ascii_lowercase()) || !rule.name.chars().all(fits)
    {
        return Err(Error::invalid(
            field("name"),
            "must be small letters, digits, `-` and `_`, at most 64, a letter first",
        )
        .hint("for example `staff_number`"));
    }
    if rules[..at].iter().any(|other| other.name == rule.name) {
        return Err(Error::invalid(field("name"), format!("names `{}` a second time", rule.name))
            .hint("give each rule a name of its own"));
    }
    if rule.confidence_alone.is_some() && rule.context.is_none() {
        return Err(Error::invalid(field("confidenceAlone"), "needs `context`, the words that are looked for")
            .hint("add `context`, or leave it out"));
    }
    if rule.context.iter().flatten().any(|word| word.trim().is_empty() || word.trim() != word) {
        return Err(Error::invalid(field("context"), "must hold words without blanks at their ends")
            .hint("for example `staff number`"));
    }
    if rule.min_confidence.unwrap_or(CONFIDENCE) > rule.confidence.unwrap_or(pii::CONFIDENCE) {
        return Err(Error::invalid(field("minConfidence"), "is above the rule's `confidence`, so nothing would count")
            .hint("lower it, or raise `confidence`"));
    }
    Ok(())
}

/// A version of a policy that is searched by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct UsedPolicy {
    pub name: String,
    pub version: u32,
    pub body: PolicyBody,
}

/// What a caller wants of a search.
pub(super) struct Wanted<'a> {
    /// What stands before the names of the fields.
    pub of: &'static str,
    pub types: Option<&'a [PiiType]>,
    pub min_confidence: Option<f64>,
}

/// What to look for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Rules {
    /// The kinds of personal data; of a policy, those that are not left out.
    pub pii_types: Vec<PiiType>,
    /// Findings of less count for nothing; by a policy, also those that the policy wants more of.
    pub min_confidence: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<UsedPolicy>,
}

impl Rules {
    pub(super) fn of(wanted: &Wanted<'_>, policy: Option<UsedPolicy>) -> Result<Self> {
        let field = |name: &str| format!("{}{name}", wanted.of);
        let otherwise = if policy.is_some() { 0.0 } else { CONFIDENCE };
        let min_confidence = wanted.min_confidence.unwrap_or(otherwise);
        if !(0.0..=1.0).contains(&min_confidence) {
            return Err(Error::invalid(field("minConfidence"), "must be between 0 and 1").hint("leave it out"));
        }
        let mut pii_types = wanted.types.unwrap_or(PiiType::ALL).to_vec();
        if pii_types.is_empty() {
            return Err(Error::invalid(field("piiTypes"), "must name a kind").hint("leave it out for all kinds"));
        }
        pii_types.sort_unstable();
        pii_types.dedup();
        if let (Some(policy), Some(asked)) = (&policy, wanted.types) {
            let known: Vec<PiiType> = policy.body.searched().map(|one| one.pii_type).collect();
            if let Some(other) = asked.iter().find(|kind| !known.contains(kind)) {
                let rule = format!("names `{}`, which the policy `{}` does not search for", other.name(), policy.name);
                return Err(Error::invalid(field("piiTypes"), rule)
                    .hint("the policy may only be narrowed; leave it out for all that it asks for"));
            }
        }
        Ok(Self { pii_types, min_confidence, policy })
    }

    /// The same, with this confidence in the place of what the policy asks for.
    pub(super) fn at(mut self, min_confidence: Option<f64>) -> Self {
        if let (Some(least), Some(policy)) = (min_confidence, &mut self.policy) {
            policy.body.kinds.iter_mut().for_each(|kind| kind.min_confidence = Some(least));
            policy.body.rules.iter_mut().for_each(|rule| rule.min_confidence = Some(least));
        }
        self
    }

    /// What is searched for.
    pub(super) fn searched(&self) -> Vec<PiiSearched> {
        match &self.policy {
            None => {
                let one = |kind: &PiiType| PiiSearched {
                    pii_type: *kind,
                    rule: None,
                    min_confidence: self.min_confidence,
                    allowed: 0,
                };
                self.pii_types.iter().map(one).collect()
            }
            Some(policy) => {
                let raised = |one: PiiSearched| PiiSearched {
                    min_confidence: one.min_confidence.max(self.min_confidence),
                    ..one
                };
                let all = policy.body.searched();
                all.filter(|one| self.pii_types.contains(&one.pii_type)).map(raised).collect()
            }
        }
    }

    /// Whether finding nothing by these rules means that nothing is there, as far as the policy asks.
    pub(super) fn complete(&self) -> bool {
        match &self.policy {
            None => {
                let all = PiiType::ALL.iter().all(|kind| self.pii_types.contains(kind));
                all && self.min_confidence <= STRICT_CONFIDENCE
            }
            Some(policy) => policy.body.searched().eq(self.searched()),
        }
    }

    /// The version of the policy.
    pub(super) fn policy(&self) -> Option<PiiPolicyRef> {
        self.policy.as_ref().map(|used| PiiPolicyRef { name: used.name.clone(), version: used.version })
    }

    /// The least quality that may be approved.
    pub(super) fn quality(&self) -> f64 {
        self.policy.as_ref().map_or(QUALITY, |policy| policy.body.min_quality)
    }

    /// The search, with detectors that the host program brought.
    pub(super) fn search(&self, brought: &[Arc<dyn PiiDetector>]) -> Result<Search> {
        let mut least = Least::default();
        for one in self.searched() {
            match one.rule {
                Some(rule) => drop(least.rules.insert(rule, one.min_confidence)),
                None => drop(least.kinds.insert(one.pii_type, one.min_confidence)),
            }
        }
        let kinds: Vec<PiiType> = least.kinds.keys().copied().collect();
        let mut others: Vec<Arc<dyn PiiDetector>> = Vec::new();
        if let Some(policy) = &self.policy
            && !least.rules.is_empty()
        {
            others.push(Arc::new(CustomDetector::new(&policy.body.rules)?));
        }
        others.extend(brought.iter().cloned());
        Ok(Search::new(RuleDetector::new(&kinds)?, others, least))
    }
}
