//! Which program calls, by its User-Agent. Lists of parts, in lower case; a list that grows raises [`super::RULES`].

/// Parts of the User-Agent of programs that fetch by themselves, in lower case.
const SCANNERS: &[&str] = &[
    "bot/",
    "bot;",
    "bot)",
    "-bot",
    "bot ",
    "crawler",
    "spider",
    "slurp",
    "barracuda",
    "proofpoint",
    "mimecast",
    "symantec",
    "fireeye",
    "trendmicro",
    "forcepoint",
    "ironport",
    "safelinks",
    "urldefense",
    "mailscanner",
    "linkcheck",
    "bingpreview",
    "facebookexternalhit",
    "whatsapp/",
    "headlesschrome",
    "phantomjs",
    "curl/",
    "wget/",
    "python-requests",
    "python-urllib",
    "aiohttp",
    "go-http-client",
    "okhttp",
    "java/",
    "libwww-perl",
    "apache-httpclient",
    "node-fetch",
    "axios/",
    "scrapy",
];

/// Search engines, link previews, archives and assistants that look at pages by themselves.
const CRAWLERS: &[&str] = &[
    "bot/",
    "bot;",
    "bot)",
    "-bot",
    "bot ",
    "crawler",
    "spider",
    "slurp",
    "bingpreview",
    "facebookexternalhit",
    "facebookcatalog",
    "meta-externalagent",
    "whatsapp/",
    "googleother",
    "google-inspectiontool",
    "google-read-aloud",
    "mediapartners-google",
    "applebot",
    "archive.org",
    "ia_archiver",
    "scrapy",
    "gptbot",
    "chatgpt-user",
    "claude-user",
    "perplexity-user",
    "ccbot",
    "embedly",
    "skypeuripreview",
    "quora link preview",
];

/// Browsers without a window, driven by programs.
const HEADLESS: &[&str] = &["headless", "phantomjs", "slimerjs", "puppeteer", "playwright", "selenium", "electron/0"];

/// Programs that watch over sites from data centres.
const MONITORS: &[&str] = &[
    "lighthouse",
    "ptst/",
    "gtmetrix",
    "pingdom",
    "uptimerobot",
    "statuscake",
    "site24x7",
    "datadogsynthetics",
    "newrelicsynthetics",
    "catchpoint",
    "checkly",
    "betteruptime",
    "cookiebot",
    "usercentrics",
    "siteimprove",
    "amazonaws",
    "cloudflare-healthchecks",
    "googlehc/",
];

/// Libraries a company's own servers and apps speak with.
const SERVERS: &[&str] = &[
    "analytics-",
    "rudder-",
    "rudderstack",
    "node",
    "undici",
    "axios/",
    "python-requests",
    "python-urllib",
    "python-httpx",
    "aiohttp",
    "go-http-client",
    "okhttp",
    "java/",
    "apache-httpclient",
    "reactor-netty",
    "guzzlehttp",
    "ruby",
    "faraday",
    "php",
    "curl/",
    "wget/",
    "dart/",
    "cfnetwork",
    "libwww-perl",
];

fn holds(list: &[&str], agent: &str) -> bool {
    list.iter().any(|part| agent.contains(part) || agent.ends_with(part.trim_end()))
}

pub fn is_scanner(agent: &str) -> bool {
    holds(SCANNERS, agent)
}

pub fn is_crawler(agent: &str) -> bool {
    holds(CRAWLERS, agent)
}

pub fn is_headless(agent: &str) -> bool {
    holds(HEADLESS, agent)
}

pub fn is_monitor(agent: &str) -> bool {
    holds(MONITORS, agent)
}

/// A server or an app tells it; browsers begin with `Mozilla/`.
pub fn is_server(agent: &str) -> bool {
    !is_browser(agent) && SERVERS.iter().any(|part| agent.contains(part))
}

pub fn is_browser(agent: &str) -> bool {
    ["mozilla/5.0 (", "mozilla/4.0 (", "opera/9"].iter().any(|start| agent.starts_with(start))
}
