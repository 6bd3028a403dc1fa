//! Who visits: a citizen or somebody for a company, who has shown who it is.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::de::DeserializeOwned;
use ydun_domain::Day;
use ydun_domain::ids::PartyId;
use ydun_runtime::manifest::Filer;

use crate::access::{Act, Own};
use crate::adapters::oidc::Provider;
use crate::clock::danish;
use crate::db::{Read, Result, Tx};
use crate::logins::Token;
use crate::parties::Party;
use crate::visits::{Visit, service as visits};
use crate::web::App;
use crate::web::desk::{cookie, read_sent};
use crate::web::failure::{Failure, PageError};

/// Not the workers' cookie, and never read as one.
pub(super) const COOKIE_NAME: &str = "__Host-ydun-selv";

/// Somebody who visits: a handler that takes one is reached by nobody else.
#[derive(Debug)]
pub(super) struct Visitor {
    pub(super) app: App,
    pub(super) provider: Provider,
    pub(super) visit: Visit,
    pub(super) token: Token,
}

impl Visitor {
    /// Opens a transaction to do something in, in the visitor's own name. A look is recorded too.
    pub(super) async fn act(&self) -> Result<(Tx, Act<Own>)> {
        let tx = self.app.db.begin().await?;
        Ok((tx, visits::act(self.app.tenant, &self.visit, self.app.clock.now())))
    }

    /// Those whose matters are the visitor's own.
    pub(super) async fn own_parties(&self, db: &mut Read) -> Result<Vec<Party>> {
        visits::own_parties(db, self.app.tenant, &self.visit).await
    }

    pub(super) async fn own_ids(&self, db: &mut Read) -> Result<Vec<PartyId>> {
        Ok(self.own_parties(db).await?.into_iter().map(|party| party.id).collect())
    }

    /// As the forms call whoever files them.
    pub(super) fn filer(&self) -> Filer {
        if self.visit.is_citizen() { Filer::Citizen } else { Filer::Company }
    }

    pub(super) fn form_key(&self) -> String {
        self.token.form_key()
    }

    pub(super) fn today(&self) -> Day {
        danish(self.app.clock.now())
    }

    /// The visitor of a browser, where self-service is switched on and the visit counts still.
    pub(super) async fn of(
        headers: &HeaderMap,
        app: &App,
    ) -> std::result::Result<Option<Self>, Failure> {
        let Some(provider) = app.provider.clone() else { return Ok(None) };
        let Some(token) = cookie(headers, COOKIE_NAME).and_then(Token::read) else {
            return Ok(None);
        };
        let now = app.clock.now();
        let found = visits::whose(&mut app.db.read().await?, app.tenant, &token, now).await?;
        let Some(visit) = found else { return Ok(None) };
        if visits::is_stale(&visit, now) {
            let mut tx = app.db.begin().await?;
            visits::seen(&mut tx, app.tenant, &token, now).await?;
            tx.commit().await?;
        }
        Ok(Some(Self { app: app.clone(), provider, visit, token }))
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;
    async fn from_request_parts(
        parts: &mut Parts,
        app: &App,
    ) -> std::result::Result<Self, Response> {
        match Self::of(&parts.headers, app).await {
            Ok(Some(visitor)) => Ok(visitor),
            Ok(None) => Err(Redirect::to("/selv").into_response()),
            Err(failure) => Err(PageError::from(failure).into_response()),
        }
    }
}

/// A form that was sent from a page of the visitor's own visit.
#[derive(Debug)]
pub(super) struct Sent<T> {
    pub(super) visitor: Visitor,
    pub(super) form: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Response;
    async fn from_request(request: Request, app: &App) -> std::result::Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let form = read_sent(body, &visitor.form_key()).await;
        let form = form.map_err(|failure| PageError::from(failure).into_response())?;
        Ok(Self { visitor, form })
    }
}
