pub trait Api {
    fn users(&self) -> Result<Vec<User>>;
}
///The client that [`Api`] describes.
///
///Its methods send a request, wait for the response and decode it. They fail if the request cannot be built or sent, if its response has a status that is no success, or if that cannot be decoded. Clones share everything.
pub struct ApiClient {
    service: ::httpkit::__private::Service,
}
///The builder of [`ApiClient`].
pub type ApiClientBuilder = ::httpkit::__private::ClientBuilder<ApiClient>;
const _: () = {
    impl ApiClient {
        /// What every method sends, in the order of the trait.
        pub const ENDPOINTS: &'static [&'static ::httpkit::__private::Endpoint] = &[];
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
    impl ::core::clone::Clone for ApiClient {
        fn clone(&self) -> Self {
            Self {
                service: ::core::clone::Clone::clone(&self.service),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for ApiClient {
        fn fmt(
            &self,
            formatter: &mut ::core::fmt::Formatter<'_>,
        ) -> ::core::fmt::Result {
            formatter.debug_struct("ApiClient").field("service", &self.service).finish()
        }
    }
    #[automatically_derived]
    impl ::httpkit::__private::TypedClient for ApiClient {
        const BASE: ::core::option::Option<&'static str> = ::core::option::Option::None;
        const SERVICE: &'static str = "Api";
        const ENDPOINTS: &'static [&'static ::httpkit::__private::Endpoint] = Self::ENDPOINTS;
        fn from_service(service: ::httpkit::__private::Service) -> Self {
            Self { service: service }
        }
    }
    #[automatically_derived]
    impl Api for ApiClient {
        fn users(&self) -> Result<Vec<User>> {
            ::core::unreachable!()
        }
    }
};
::core::compile_error! {
    "a path starts with `/`: it is appended to the base URL\nhelp: `\"/users\"`"
}
::core::compile_error! {
    "httpkit is blocking, and this method is `async`\nhelp: remove `async`"
}
