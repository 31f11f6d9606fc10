//! The worker's side: limits itself, then answers questions from standard input until it closes.

use super::{
    frames::{self, Answer, Mode, Question},
    language::Language,
};
use rustix::{
    process::{Resource, Rlimit, setrlimit},
    time::{ClockId, clock_gettime},
};
use std::{
    io::{self, BufWriter, Read, Write},
    process::ExitCode,
    time::{Duration, Instant},
};

/// Address space, bytes.
const MEMORY: u64 = 512 << 20;
/// CPU seconds one question may burn even if the server that would kill us is gone.
const CPU: u64 = 120;
/// Answers wait no longer than this to be sent together.
const FLUSH: Duration = Duration::from_millis(20);

/// What the hidden command `render-worker` does. To be called first thing in `main`: no other thread, no runtime.
pub fn worker_main() -> ExitCode {
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn work() -> io::Result<()> {
    setrlimit(Resource::As, Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) })?;
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    let mut questions = io::stdin().lock();
    let mut answers = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    answers.write_all(&frames::HELLO.to_le_bytes())?;
    answers.flush()?;
    loop {
        let mut length = [0; 4];
        match questions.read_exact(&mut length) {
            Ok(()) => {}
            Err(end) if end.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(trouble) => return Err(trouble),
        }
        let length = u32::from_le_bytes(length) as usize;
        if length > frames::LONGEST {
            return Err(io::Error::other("too long a question"));
        }
        let mut frame = vec![0; length];
        questions.read_exact(&mut frame)?;
        let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec.unsigned_abs();
        setrlimit(Resource::Cpu, Rlimit { current: Some(used + CPU), maximum: None })?;
        answer(&frame, &mut answers)?;
        answers.flush()?;
    }
}

/// Answers for each person, or once with the trouble that stops them all.
fn answer(frame: &[u8], out: &mut impl Write) -> io::Result<()> {
    let question: Question = serde_json::from_slice(frame)?;
    let read = match question.mode {
        Mode::Render => Language::for_sending(&question.template),
        Mode::Missing => Language::for_checking(&question.template),
    };
    let language = match read {
        Ok(language) => language,
        Err(trouble) => return frames::write_answer(out, &Answer::Trouble(trouble)),
    };
    let mut flushed = Instant::now();
    for person in question.people {
        let answer = match question.mode {
            Mode::Render => language.render(person).map(Answer::Mail),
            Mode::Missing => language.missing(person).map(Answer::Missing),
        };
        match answer {
            Ok(answer) => frames::write_answer(out, &answer)?,
            Err(trouble) => return frames::write_answer(out, &Answer::Trouble(trouble)),
        }
        if flushed.elapsed() > FLUSH {
            out.flush()?;
            flushed = Instant::now();
        }
    }
    Ok(())
}
