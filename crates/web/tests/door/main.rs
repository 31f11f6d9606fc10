//! Stories at the door: who comes in, what is refused and how it is said, for people and for programs.

mod administration;
mod agenda;
mod bench;
mod campaigns;
mod cards;
mod contacts;
mod documents;
mod duplicates;
mod finding;
mod furnished;
mod imports;
mod lists;
mod overview;
mod people;
mod privacy;
mod programs;
mod quality;
mod records;
mod rights;
mod segments;
mod strangers;
mod trackers;
mod working;
