//! Stories at the door: who comes in, what is refused and how it is said, for people and for programs.

mod administration;
mod bench;
mod campaigns;
mod contacts;
mod furnished;
mod imports;
mod overview;
mod people;
mod programs;
mod records;
mod segments;
mod strangers;
mod trackers;
mod working;
