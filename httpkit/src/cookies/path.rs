//! The paths that a cookie is for (RFC 6265bis, Section 5.1.4).

/// The path of a cookie that names none: that of the URL, up to its last `/`.
pub(super) fn default_path(url_path: &str) -> &str {
    match url_path.rfind('/') {
        None | Some(0) => "/",
        Some(last) => &url_path[..last],
    }
}

/// Whether a request for `path` is within `cookie_path`: `/any` holds `/any/x`, but not `/anybad`.
pub(super) fn path_matches(path: &[u8], cookie_path: &[u8]) -> bool {
    match path.strip_prefix(cookie_path) {
        Some(rest) => rest.is_empty() || cookie_path.ends_with(b"/") || rest.starts_with(b"/"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_folder() {
        for (path, expected) in
            [("/", "/"), ("/a", "/"), ("/a/", "/a"), ("/a/b", "/a"), ("/a//b", "/a/"), ("*", "/")]
        {
            assert_eq!(default_path(path), expected, "{path}");
        }
    }

    #[test]
    fn paths_match_at_their_slashes() {
        for (path, cookie_path, is_within) in [
            ("/", "/", true),
            ("/any", "/", true),
            ("/any", "/any", true),
            ("/any/", "/any", true),
            ("/any/x", "/any", true),
            ("/any/x", "/any/", true),
            ("/any", "/any/", false),
            ("/anybad", "/any", false),
            ("/Any", "/any", false),
            ("/", "/any", false),
        ] {
            assert_eq!(
                path_matches(path.as_bytes(), cookie_path.as_bytes()),
                is_within,
                "{path} {cookie_path}"
            );
        }
    }
}
