//! Files as people have them: encoding, delimiter, header, typed cells.
