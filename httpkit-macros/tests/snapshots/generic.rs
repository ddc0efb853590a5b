trait Store<'a, T: ?Sized + Entity, const N: usize = 3>
where
    T: 'a,
{
    ///`GET /`
    #[allow(clippy::missing_errors_doc)]
    fn first(&self) -> Result<Box<T>>;
}
///The client that [`Store`] describes.
///
///Its methods send a request, wait for the response and decode it. They fail if the request cannot be built or sent, if its response has a status that is no success, or if that cannot be decoded. Clones share everything.
struct Shop<'a, T: ?Sized + Entity, const N: usize = 3> {
    service: my::httpkit::__private::Service,
    types: ::core::marker::PhantomData<
        fn() -> (::core::marker::PhantomData<&'a ()>, ::core::marker::PhantomData<T>),
    >,
}
///The builder of [`Shop`].
type ShopBuilder<'a, T, const N: usize = 3> = my::httpkit::__private::ClientBuilder<
    Shop<'a, T, N>,
>;
const _: () = {
    static ENDPOINT_first: my::httpkit::__private::Endpoint = my::httpkit::__private::Endpoint::new(
        "Store::first",
        "GET",
        "/",
        &["/"],
    );
    impl<'a, T: ?Sized + Entity, const N: usize> Shop<'a, T, N>
    where
        T: 'a,
    {
        /// What every method sends, in the order of the trait.
        const ENDPOINTS: &'static [&'static my::httpkit::__private::Endpoint] = &[
            &ENDPOINT_first,
        ];
        /// Returns a client that sends through `client`.
        #[must_use]
        fn new(client: my::httpkit::Client) -> Self {
            Self {
                service: my::httpkit::__private::Service::new(
                    client,
                    <Self as my::httpkit::__private::TypedClient>::BASE,
                ),
                types: ::core::marker::PhantomData,
            }
        }
        /// Returns a builder, which knows the base URL if the trait does.
        #[must_use]
        fn builder() -> my::httpkit::__private::ClientBuilder<Self> {
            my::httpkit::__private::ClientBuilder::new()
        }
    }
    #[automatically_derived]
    impl<'a, T: ?Sized + Entity, const N: usize> ::core::clone::Clone for Shop<'a, T, N>
    where
        T: 'a,
    {
        fn clone(&self) -> Self {
            Self {
                service: ::core::clone::Clone::clone(&self.service),
                types: ::core::marker::PhantomData,
            }
        }
    }
    #[automatically_derived]
    impl<'a, T: ?Sized + Entity, const N: usize> ::core::fmt::Debug for Shop<'a, T, N>
    where
        T: 'a,
    {
        fn fmt(
            &self,
            formatter: &mut ::core::fmt::Formatter<'_>,
        ) -> ::core::fmt::Result {
            formatter.debug_struct("Shop").field("service", &self.service).finish()
        }
    }
    #[automatically_derived]
    impl<'a, T: ?Sized + Entity, const N: usize> my::httpkit::__private::TypedClient
    for Shop<'a, T, N>
    where
        T: 'a,
    {
        const BASE: ::core::option::Option<&'static str> = ::core::option::Option::None;
        const SERVICE: &'static str = "Store";
        const ENDPOINTS: &'static [&'static my::httpkit::__private::Endpoint] = Self::ENDPOINTS;
        fn from_service(service: my::httpkit::__private::Service) -> Self {
            Self {
                service: service,
                types: ::core::marker::PhantomData,
            }
        }
    }
    #[automatically_derived]
    impl<'a, T: ?Sized + Entity, const N: usize> Store<'a, T, N> for Shop<'a, T, N>
    where
        T: 'a,
    {
        fn first(&self) -> Result<Box<T>> {
            let call = my::httpkit::__private::Call::new(&self.service, &ENDPOINT_first);
            <Result<Box<T>> as my::httpkit::__private::Output>::finish(call)
        }
    }
};
