//! Names found by any part of them. Of each name every place in it is kept with the few characters that follow, in order, so
//! that a text is looked up where it would begin and no name is read that does not hold it.

use std::collections::BTreeSet;

use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::Store;
use super::rows::fragment::{Column, Entity, Model};
use crate::base::{Ctx, Limits, Result};

/// Characters that are kept from each place of a name on.
const LENGTH: usize = 8;
/// Names that may hold a text which is looked up. What is in more of them is soon met in the order of the list, and that many
/// are soon sorted.
const FEW: u64 = 5_000;
/// Rows that are written in one statement: a migration writes those of many names.
pub(super) const MANY: usize = 2_000;

/// Which list the names are of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Named {
    /// Models.
    Models = 1,
    /// Datasets.
    Datasets = 2,
    /// Training jobs.
    Jobs = 3,
    /// Evaluations.
    Evaluations = 4,
    /// The routes of endpoints.
    Endpoints = 5,
}

impl Named {
    /// Keeps the fragments of what has a project, a name and an id, in the open unit.
    pub(crate) async fn add(self, store: &Store, ctx: &Ctx, of: (&str, &str, Uuid)) -> Result<()> {
        let rows = rows(self, of).into_iter().map(IntoActiveModel::into_active_model);
        Entity::insert_many(rows).exec_without_returning(&store.conn(ctx)).await?;
        Ok(())
    }

    /// Forgets them, when it goes.
    pub(crate) async fn remove(self, store: &Store, ctx: &Ctx, (project, name, id): (&str, &str, Uuid)) -> Result<()> {
        let mine = self.of(project).add(Column::Fragment.is_in(fragments(name))).add(Column::OwnerId.eq(id));
        Entity::delete_many().filter(mine).exec(&store.conn(ctx)).await?;
        Ok(())
    }

    /// The ids of all that may hold the text in their names, unless they are many or it is none. Whether they do is still to be
    /// asked, but not of which project they are: with that, a database would go through all of the project.
    pub(crate) async fn narrow(self, store: &Store, ctx: &Ctx, text: Option<&str>) -> Result<Option<SelectStatement>> {
        for window in text.map(windows).unwrap_or_default() {
            let mut within = self.of(ctx.project()).add(Column::Fragment.gte(window.clone()));
            if let Some(end) = after(&window) {
                within = within.add(Column::Fragment.lt(end));
            }
            let found = Entity::find().select_only().column(Column::OwnerId).filter(within);
            let more: Option<Uuid> = found.clone().offset(FEW).into_tuple().one(&store.conn(ctx)).await?;
            if more.is_none() {
                return Ok(Some(found.into_query()));
            }
        }
        Ok(None)
    }

    /// Those of the project, and with the text in their names if one is asked for; the columns are those of the id, the project
    /// and the name.
    pub(crate) async fn search<C: ColumnTrait>(
        self,
        store: &Store,
        ctx: &Ctx,
        text: Option<&str>,
        [id, project, name]: [C; 3],
    ) -> Result<Condition> {
        let within = match self.narrow(store, ctx, text).await? {
            Some(few) => id.in_subquery(few),
            None => project.eq(ctx.project()),
        };
        Ok(Condition::all().add(within).add_option(text.map(|text| holds(name, text))))
    }

    fn of(self, project: &str) -> Condition {
        Condition::all().add(Column::List.eq(self as i16)).add(Column::Project.eq(project))
    }
}

/// That a name has the text in it, letter case aside.
pub(crate) fn holds<C: ColumnTrait>(name: C, text: &str) -> SimpleExpr {
    let escaped = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let anywhere = LikeExpr::new(format!("%{escaped}%")).escape('\\');
    Expr::expr(Func::lower(Expr::col(name.as_column_ref()))).like(anywhere)
}

/// The rows of what has a project, a name and an id.
pub(super) fn rows(list: Named, (project, name, id): (&str, &str, Uuid)) -> Vec<Model> {
    let row = |fragment| Model { list: list as i16, project: project.to_owned(), fragment, owner_id: id };
    fragments(name).into_iter().map(row).collect()
}

/// What begins at each place of a name, each once, in small letters.
fn fragments(name: &str) -> BTreeSet<Vec<u8>> {
    let small = name.to_lowercase().into_bytes();
    (0..small.len()).map(|start| small[start..small.len().min(start + LENGTH)].to_vec()).collect()
}

/// The pieces of a text that can be looked up. Together they cover it; a name that holds it holds each. Those of a text that no
/// name is long enough for are as many as of the longest name.
fn windows(text: &str) -> Vec<Vec<u8>> {
    let small = text.to_lowercase().into_bytes();
    let last = small.len().saturating_sub(LENGTH);
    let starts = (0..last).step_by(LENGTH).chain([last]);
    let starts = starts.take(Limits::NAME_CHARS / LENGTH);
    starts.map(|start| small[start..small.len().min(start + LENGTH)].to_vec()).collect()
}

/// The first of what comes after all that begins so.
fn after(begins: &[u8]) -> Option<Vec<u8>> {
    let kept = begins.iter().rposition(|byte| *byte < u8::MAX)?;
    let mut end = begins[..=kept].to_vec();
    end[kept] += 1;
    Some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(name: &str, window: &[u8]) -> bool {
        let end = after(window);
        fragments(name)
            .iter()
            .any(|one| one.as_slice() >= window && end.as_ref().is_none_or(|end| one.as_slice() < end.as_slice()))
    }

    proptest! {
        #[test]
        fn each_piece_of_a_text_is_found_in_a_name_that_holds_it(
            before in "[a-z0-9./_-]{0,30}", text in "[a-zA-Z0-9./_-]{1,40}", behind in "[a-z0-9]{0,30}",
        ) {
            let name = format!("{before}{text}{behind}");
            for window in windows(&text.to_uppercase()) {
                prop_assert!(found(&name, &window), "{window:?} of {text} in {name}");
            }
        }

        #[test]
        fn a_short_text_is_found_nowhere_else(name in "[a-c]{1,20}", text in "[a-c]{1,8}") {
            let windows = windows(&text);
            prop_assert_eq!(windows.len(), 1);
            prop_assert_eq!(found(&name, &windows[0]), name.contains(&text));
        }
    }

    #[tokio::test]
    async fn what_few_names_hold_is_looked_up() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&crate::store::trial::database(dir.path()).await).await.unwrap();
        let ctx = Ctx::system();
        let many: Vec<Model> =
            (0..FEW).flat_map(|_| rows(Named::Models, (ctx.project(), "ab", ctx.new_id()))).collect();
        for some in many.chunks(MANY) {
            let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
            Entity::insert_many(rows).exec_without_returning(&store.conn(&ctx)).await.unwrap();
        }
        let is_few = async |text| Named::Models.narrow(&store, &ctx, Some(text)).await.unwrap().is_some();
        assert!(is_few("ab").await && is_few("b").await);
        Named::Models.add(&store, &ctx, (ctx.project(), "abcdefghij", ctx.new_id())).await.unwrap();
        assert!(!is_few("ab").await && !is_few("b").await && is_few("bc").await && is_few("abcdefghij").await);
        assert!(Named::Datasets.narrow(&store, &ctx, Some("ab")).await.unwrap().is_some());
        assert!(Named::Models.narrow(&store, &ctx, None).await.unwrap().is_none());
        store.close().await;
    }

    #[test]
    fn a_text_is_covered_by_few_pieces() {
        let pieces =
            |text: &str| windows(text).into_iter().map(|one| String::from_utf8(one).unwrap()).collect::<Vec<_>>();
        assert_eq!(pieces("Model"), ["model"]);
        assert_eq!(pieces("12345678"), ["12345678"]);
        assert_eq!(pieces("123456789"), ["12345678", "23456789"]);
        assert_eq!(pieces("bench-0000731-final"), ["bench-00", "00731-fi", "31-final"]);
        assert_eq!(pieces(&"x".repeat(1 << 20)).len(), 16);
    }
}
