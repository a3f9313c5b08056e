//! The one clever thing: a domain's trait, written once.

/// Declares a domain: its object-safe trait, the trait's gated and remote implementations, and its operations.
///
/// Each method names its kind (`unary`, `stream`, `upload`, `download`), verb, path and what the caller must hold.
macro_rules! service {
    ($(#[doc = $tdoc:literal])* pub trait $Trait:ident as $domain:ident { $(
        $(#[doc = $doc:literal])* #[op($kind:ident $verb:ident $path:literal, $access:ident($($permission:literal)?))]
        async fn $name:ident(&self, ctx: &Ctx, req: $Req:ty $(, $body:ident: $Body:ty)?) -> Result<$Res:ty>;
    )* }) => {
        $(#[doc = $tdoc])*
        #[async_trait::async_trait]
        pub trait $Trait: Send + Sync + 'static { $(
            $(#[doc = $doc])*
            async fn $name(&self, ctx: &Ctx, req: $Req $(, $body: $Body)?)
                -> Result<$crate::op::service!(@answer $kind $Res)>;
        )* }

        #[async_trait::async_trait]
        impl $Trait for $crate::op::Gated<dyn $Trait> { $(
            async fn $name(&self, ctx: &$crate::base::Ctx, req: $Req $(, $body: $Body)?)
                -> $crate::base::Result<$crate::op::service!(@answer $kind $Res)> {
                let op = $crate::op::named(OPERATIONS, concat!(stringify!($domain), ".", stringify!($name)))?;
                $crate::op::service!(@gated $kind self op ctx req $name $($body)?)
            }
        )* }

        #[async_trait::async_trait]
        impl $Trait for $crate::op::Remote<dyn $Trait> { $(
            async fn $name(&self, ctx: &$crate::base::Ctx, req: $Req $(, $body: $Body)?)
                -> $crate::base::Result<$crate::op::service!(@answer $kind $Res)> {
                let op = $crate::op::named(OPERATIONS, concat!(stringify!($domain), ".", stringify!($name)))?;
                $crate::op::service!(@remote $kind self op ctx req $($body)?)
            }
        )* }

        /// The operations of this domain, in the order of their declaration.
        pub static OPERATIONS: &[$crate::op::Operation] = &[$( $crate::op::Operation {
            name: concat!(stringify!($domain), ".", stringify!($name)),
            docs: &[$($doc),*],
            verb: stringify!($verb),
            path: $path,
            access: $crate::op::service!(@access $access $($permission)?),
            request: |generator| generator.subschema_for::<$Req>(),
            response: |generator| generator.subschema_for::<$Res>(),
            run: $crate::op::service!(@run $kind $Trait $name),
        } ),*];
    };
    (@access Public) => { $crate::op::Access::Public };
    (@access $access:ident $permission:literal) => { $crate::op::Access::$access($permission) };
    (@answer stream $Res:ty) => { $crate::base::Events<$Res> };
    (@answer $kind:ident $Res:ty) => { $Res };
    (@gated upload $self:ident $op:ident $ctx:ident $req:ident $name:ident $body:ident) => {
        $self.upload($op, $ctx, ($req, $body), |inner, ctx, req, body| {
            Box::pin(async move { inner.$name(&ctx, req, body).await })
        }).await
    };
    (@gated $kind:ident $self:ident $op:ident $ctx:ident $req:ident $name:ident) => {
        $self.$kind($op, $ctx, $req, |inner, ctx, req| Box::pin(async move { inner.$name(&ctx, req).await })).await
    };
    (@remote upload $self:ident $op:ident $ctx:ident $req:ident $body:ident) => {
        $self.upload($op, $ctx, $req, $body).await
    };
    (@remote $kind:ident $self:ident $op:ident $ctx:ident $req:ident) => { $self.$kind($op, $ctx, $req).await };
    (@run unary $Trait:ident $name:ident) => { $crate::op::Run::Unary(|handles, ctx, value| Box::pin(async move {
        $crate::op::encode(&handles.get::<dyn $Trait>()?.$name(&ctx, $crate::op::decode(value)?).await?)
    })) };
    (@run stream $Trait:ident $name:ident) => { $crate::op::Run::Stream(|handles, ctx, value| Box::pin(async move {
        let items = handles.get::<dyn $Trait>()?.$name(&ctx, $crate::op::decode(value)?).await?;
        let encoded = futures::StreamExt::map(items, |item| item.and_then(|item| $crate::op::encode(&item)));
        Ok(futures::StreamExt::boxed(encoded))
    })) };
    (@run upload $Trait:ident $name:ident) => { $crate::op::Run::Upload(|handles, ctx, value, body| Box::pin(async move {
        $crate::op::encode(&handles.get::<dyn $Trait>()?.$name(&ctx, $crate::op::decode(value)?, body).await?)
    })) };
    (@run download $Trait:ident $name:ident) => { $crate::op::Run::Download(|handles, ctx, value| Box::pin(async move {
        handles.get::<dyn $Trait>()?.$name(&ctx, $crate::op::decode(value)?).await
    })) };
}
pub(crate) use service;
