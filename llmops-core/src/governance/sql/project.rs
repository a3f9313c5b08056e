//! Projects, made and listed.

use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::json;

use super::super::rows::project;
use super::super::{CreateProject, ListProjects, Project, ProjectId, identity::TOPIC};
use super::SqlGovernance;
use crate::base::{Ctx, Error, Name, Page, PageRequest, Result, Timestamp, check_text};
use crate::store::{Store, is_unique_violation, keyset};

/// The longest description, in characters.
const DESCRIPTION_CHARS: usize = 1000;

/// The names of all projects.
pub(in super::super) async fn project_names(store: &Store, ctx: &Ctx) -> Result<Vec<String>> {
    let names = project::Entity::find().select_only().column(project::Column::Name);
    Ok(names.into_tuple::<String>().all(&store.conn(ctx)).await?)
}

/// Refuses a caller whose key is for one project what concerns all of them.
pub(super) fn check_all_projects(ctx: &Ctx) -> Result<()> {
    if ctx.caller.all_projects {
        return Ok(());
    }
    Err(Error::denied("this concerns every project, and the key is for one")
        .code("needs_all_projects")
        .hint("ask an administrator of the whole platform"))
}

impl SqlGovernance {
    pub(super) async fn project_create(&self, ctx: &Ctx, req: CreateProject) -> Result<Project> {
        check_all_projects(ctx)?;
        let name = Name::parse("name", &req.name)?;
        let description = req.description.filter(|text| !text.trim().is_empty());
        check_text("description", description.as_deref().unwrap_or_default(), DESCRIPTION_CHARS)?;
        let row = project::Model {
            id: ctx.new_id(),
            name: name.as_str().to_owned(),
            description,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
        };
        let insert = project::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(&self.store.conn(ctx)).await.map_err(|error| {
            match is_unique_violation(&error) {
                true => Error::conflict(format!("there is a project `{}` already", row.name))
                    .code("project_exists")
                    .field("name")
                    .hint("work in it, or choose another name"),
                false => error.into(),
            }
        })?;
        ctx.touch("project", row.id, json!({ "name": row.name }));
        ctx.signal(TOPIC);
        self.identity.admit_project(&row.name);
        Ok(to_project(ctx, row))
    }

    pub(super) async fn project_page(&self, ctx: &Ctx, req: ListProjects) -> Result<Page<Project>> {
        let request = PageRequest::new(req.limit, req.cursor)?;
        let mut select = project::Entity::find();
        if !ctx.caller.all_projects {
            select = select.filter(project::Column::Name.eq(ctx.project()));
        }
        let order = keyset::Keyset {
            list: "projects".into(),
            column: project::Column::Name,
            id: project::Column::Id,
            ascending: true,
            total: false,
        };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(|row| to_project(ctx, row)).collect(), page })
    }
}

fn to_project(ctx: &Ctx, row: project::Model) -> Project {
    Project {
        id: ProjectId(row.id),
        current: row.name == ctx.project(),
        name: row.name,
        description: row.description,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
    }
}
