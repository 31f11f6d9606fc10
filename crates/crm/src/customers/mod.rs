//! Contacts, companies and consents: the one record everything hangs on.
