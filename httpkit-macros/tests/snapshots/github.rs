/// Some of GitHub.
pub trait GitHub: Send + Sync {
    /// One repository.
    ///
    ///`GET /repos/{owner}/{repo}`
    #[allow(clippy::missing_errors_doc)]
    fn repository(&self, owner: &str, repo: &str) -> Result<Repository>;
    #[cfg(feature = "issues")]
    ///`GET /repos/{owner}/{repo}/issues{?state,labels*,page}`
    #[allow(clippy::missing_errors_doc)]
    fn issues(
        &self,
        owner: &str,
        repo: &str,
        state: Option<State>,
        labels: &[&str],
        page: Option<u32>,
    ) -> Result<Page<Issue>>;
    /// A new issue.
    #[deprecated]
    ///
    ///`POST /repos/{owner}/{repo}/issues?draft=true`
    #[allow(clippy::missing_errors_doc)]
    fn create_issue<T>(
        &self,
        owner: &str,
        repo: &str,
        issue: &T,
    ) -> Result<Issue, ApiError<Problem>>
    where
        T: Serialize;
    ///`PURGE /files/{+path}{/rest*}`
    #[allow(clippy::missing_errors_doc)]
    fn r#purge(
        &self,
        path: impl Display,
        rest: &[&str],
        count: u8,
        filter: &Filter,
        force: bool,
        tag: Option<&str>,
        key: &str,
        rows: &str,
        token: &str,
    ) -> Result<()>;
    /// A method of the user's own.
    fn is_up(&self) -> bool {
        true
    }
}
///The client that [`GitHub`] describes.
///
///Its methods send a request, wait for the response and decode it. They fail if the request cannot be built or sent, if its response has a status that is no success, or if that cannot be decoded. Clones share everything.
pub struct GitHubClient {
    service: ::httpkit::__private::Service,
}
///The builder of [`GitHubClient`].
pub type GitHubClientBuilder = ::httpkit::__private::ClientBuilder<GitHubClient>;
const _: () = {
    static ENDPOINT_repository: ::httpkit::__private::Endpoint = ::httpkit::__private::Endpoint::new(
            "GitHub::repository",
            "GET",
            "/repos/{owner}/{repo}",
            &["/repos/", "/", ""],
        )
        .headers(&[("accept", "application/vnd.github+json")]);
    #[cfg(feature = "issues")]
    static ENDPOINT_issues: ::httpkit::__private::Endpoint = ::httpkit::__private::Endpoint::new(
            "GitHub::issues",
            "GET",
            "/repos/{owner}/{repo}/issues{?state,labels*,page}",
            &["/repos/", "/", "/issues"],
        )
        .headers(&[("Accept", "application/json")]);
    static ENDPOINT_create_issue: ::httpkit::__private::Endpoint = ::httpkit::__private::Endpoint::new(
            "GitHub::create_issue",
            "POST",
            "/repos/{owner}/{repo}/issues?draft=true",
            &["/repos/", "/", "/issues?draft=true"],
        )
        .headers(&[("accept", "application/vnd.github+json")]);
    static ENDPOINT_purge: ::httpkit::__private::Endpoint = ::httpkit::__private::Endpoint::new(
            "GitHub::purge",
            "PURGE",
            "/files/{+path}{/rest*}",
            &["/files/", "", ""],
        )
        .headers(&[("accept", "application/vnd.github+json")]);
    impl GitHubClient {
        /// What every method sends, in the order of the trait.
        pub const ENDPOINTS: &'static [&'static ::httpkit::__private::Endpoint] = &[
            &ENDPOINT_repository,
            #[cfg(feature = "issues")]
            &ENDPOINT_issues,
            &ENDPOINT_create_issue,
            &ENDPOINT_purge,
        ];
        /// Returns a client that sends through `client`.
        #[must_use]
        pub fn new(client: ::httpkit::Client) -> Self {
            Self {
                service: ::httpkit::__private::Service::new(
                    client,
                    <Self as ::httpkit::__private::TypedClient>::BASE,
                ),
            }
        }
        /// Returns a builder, which knows the base URL if the trait does.
        #[must_use]
        pub fn builder() -> ::httpkit::__private::ClientBuilder<Self> {
            ::httpkit::__private::ClientBuilder::new()
        }
    }
    #[automatically_derived]
    impl ::core::clone::Clone for GitHubClient {
        fn clone(&self) -> Self {
            Self {
                service: ::core::clone::Clone::clone(&self.service),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for GitHubClient {
        fn fmt(
            &self,
            formatter: &mut ::core::fmt::Formatter<'_>,
        ) -> ::core::fmt::Result {
            formatter
                .debug_struct("GitHubClient")
                .field("service", &self.service)
                .finish()
        }
    }
    #[automatically_derived]
    impl ::httpkit::__private::TypedClient for GitHubClient {
        const BASE: ::core::option::Option<&'static str> = ::core::option::Option::Some(
            "https://api.github.com",
        );
        const SERVICE: &'static str = "GitHub";
        const ENDPOINTS: &'static [&'static ::httpkit::__private::Endpoint] = Self::ENDPOINTS;
        fn from_service(service: ::httpkit::__private::Service) -> Self {
            Self { service: service }
        }
    }
    #[automatically_derived]
    impl GitHub for GitHubClient {
        fn repository(&self, owner: &str, repo: &str) -> Result<Repository> {
            let mut call = ::httpkit::__private::Call::new(
                &self.service,
                &ENDPOINT_repository,
            );
            ::httpkit::__private::PathParameter::segment(&owner, "owner", &mut call);
            ::httpkit::__private::PathParameter::segment(&repo, "repo", &mut call);
            <Result<Repository> as ::httpkit::__private::Output>::finish(call)
        }
        #[cfg(feature = "issues")]
        fn issues(
            &self,
            owner: &str,
            repo: &str,
            state: Option<State>,
            labels: &[&str],
            page: Option<u32>,
        ) -> Result<Page<Issue>> {
            let mut call = ::httpkit::__private::Call::new(
                &self.service,
                &ENDPOINT_issues,
            );
            ::httpkit::__private::PathParameter::segment(&owner, "owner", &mut call);
            ::httpkit::__private::PathParameter::segment(&repo, "repo", &mut call);
            ::httpkit::__private::QueryParameter::query(&state, "state", &mut call);
            ::httpkit::__private::QueryParameter::query_exploded(
                &labels,
                "labels",
                &mut call,
            );
            ::httpkit::__private::QueryParameter::query(&page, "page", &mut call);
            <Result<Page<Issue>> as ::httpkit::__private::Output>::finish(call)
        }
        fn create_issue<T>(
            &self,
            owner: &str,
            repo: &str,
            issue: &T,
        ) -> Result<Issue, ApiError<Problem>>
        where
            T: Serialize,
        {
            let mut call = ::httpkit::__private::Call::new(
                &self.service,
                &ENDPOINT_create_issue,
            );
            ::httpkit::__private::PathParameter::segment(&owner, "owner", &mut call);
            ::httpkit::__private::PathParameter::segment(&repo, "repo", &mut call);
            ::httpkit::__private::JsonParameter::json(&issue, &mut call);
            <Result<
                Issue,
                ApiError<Problem>,
            > as ::httpkit::__private::Output>::finish(call)
        }
        fn r#purge(
            &self,
            path: impl Display,
            rest: &[&str],
            count: u8,
            filter: &Filter,
            force: bool,
            tag: Option<&str>,
            key: &str,
            rows: &str,
            token: &str,
        ) -> Result<()> {
            let mut call = ::httpkit::__private::Call::new(
                &self.service,
                &ENDPOINT_purge,
            );
            ::httpkit::__private::PathParameter::reserved(&path, "path", &mut call);
            ::httpkit::__private::QueryParameter::segments(&rest, "rest", &mut call);
            ::httpkit::__private::QueryParameter::query(&count, "per-page", &mut call);
            ::httpkit::__private::QueryParameter::query_flattened(&filter, &mut call);
            ::httpkit::__private::FlagParameter::flag(&force, "force", &mut call);
            ::httpkit::__private::HeaderParameter::bearer(&token, &mut call);
            ::httpkit::__private::HeaderParameter::header(&tag, "If-Match", &mut call);
            ::httpkit::__private::HeaderParameter::secret_header(
                &key,
                "X-Key",
                &mut call,
            );
            ::httpkit::__private::BodyParameter::body(
                rows,
                ::core::option::Option::Some("text/csv"),
                &mut call,
            );
            <Result<()> as ::httpkit::__private::Output>::finish(call)
        }
    }
};
