//! Rendering in a bounded worker process: a template bomb costs a worker, never the server.
//!
//! minijinja's fuel does not bound everything (`{{ ['x']*100000000 }}` took 16 s and 493 MB in spite of it), so templates
//! run in children of the same binary with limits on memory and CPU, and a wall clock here.

mod frames;
mod language;
mod worker;

pub use worker::worker_main;

use frames::{Answer, Mode, Question};
use kernel::mail::{MailTemplate, RenderTrouble, RenderedMail, Renderer};
use std::{
    ffi::OsString,
    path::PathBuf,
    process::Stdio,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Semaphore,
    time::timeout,
};

/// No sign of life for so long: the worker is killed. Also the budget of a batch of one.
const SILENCE: Duration = Duration::from_secs(2);
/// What a message may take on average beyond that.
const PER_MESSAGE: Duration = Duration::from_millis(200);
/// A new process may be slow to start on a busy machine.
const START: Duration = Duration::from_secs(20);
/// People in one question: keeps a frame small and a dead worker cheap.
const CHUNK: usize = 500;

/// A few worker processes, started when they are needed and replaced when they die.
pub struct RenderPool {
    program: PathBuf,
    arguments: Vec<OsString>,
    hands: Semaphore,
    idle: Mutex<Vec<Worker>>,
}

impl RenderPool {
    /// `program` with `arguments` must call [`worker_main`] before it starts anything else, e.g. `current_exe()` with
    /// `render-worker`; `workers` is how many may run at the same time.
    pub fn new(program: PathBuf, arguments: Vec<OsString>, workers: usize) -> Self {
        Self { program, arguments, hands: Semaphore::new(workers.max(1)), idle: Mutex::default() }
    }

    async fn ask(
        &self,
        mode: Mode,
        template: &MailTemplate,
        people: Vec<serde_json::Value>,
    ) -> Result<Vec<Answer>, RenderTrouble> {
        language::admit(template)?;
        let failed = |trouble: &dyn std::fmt::Display| RenderTrouble::Worker(trouble.to_string());
        let _hand = self.hands.acquire().await.map_err(|trouble| failed(&trouble))?;
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut worker = match kept {
            Some(worker) if worker.alive() => worker,
            _ => Worker::start(&self.program, &self.arguments).await?,
        };
        let mut answers = Vec::with_capacity(people.len());
        let mut people = people;
        let mut retried = false;
        while !people.is_empty() {
            let rest = people.split_off(CHUNK.min(people.len()));
            let count = people.len();
            let before = answers.len();
            let question = Question { mode, template: template.clone(), people };
            // A worker that fails is dropped and thereby killed; the next question starts a new one.
            if let Err(costly) = worker.answer(&question, count, &mut answers).await? {
                // On a machine under load a good template may be late once, and a machine short of memory ends whom it
                // likes; among many people the template gets a second chance.
                if count == 1 || retried {
                    return Err(costly);
                }
                retried = true;
                answers.truncate(before);
                worker = Worker::start(&self.program, &self.arguments).await?;
                worker.answer(&question, count, &mut answers).await??;
            }
            people = rest;
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        Ok(answers)
    }
}

#[async_trait::async_trait]
impl Renderer for RenderPool {
    async fn render(
        &self,
        template: &MailTemplate,
        people: Vec<serde_json::Value>,
    ) -> Result<Vec<RenderedMail>, RenderTrouble> {
        let answers = self.ask(Mode::Render, template, people).await?;
        let mails = answers.into_iter().map(|answer| match answer {
            Answer::Mail(mail) => Ok(mail),
            Answer::Missing(_) => Err(RenderTrouble::Worker("an answer to another question".into())),
            Answer::Trouble(trouble) => Err(trouble),
        });
        mails.collect()
    }

    async fn missing_values(
        &self,
        template: &MailTemplate,
        people: Vec<serde_json::Value>,
    ) -> Result<Vec<Vec<String>>, RenderTrouble> {
        let answers = self.ask(Mode::Missing, template, people).await?;
        let names = answers.into_iter().map(|answer| match answer {
            Answer::Missing(names) => Ok(names),
            Answer::Mail(_) => Err(RenderTrouble::Worker("an answer to another question".into())),
            Answer::Trouble(trouble) => Err(trouble),
        });
        names.collect()
    }
}

struct Worker {
    child: Mutex<Child>,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    async fn start(program: &PathBuf, arguments: &[OsString]) -> Result<Self, RenderTrouble> {
        let failed = |trouble: std::io::Error| RenderTrouble::Worker(trouble.to_string());
        let mut child = Command::new(program)
            .args(arguments)
            // The worker runs what users wrote: it inherits no secret from the environment.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (questions, answers) = pipes.ok_or_else(|| RenderTrouble::Worker("no pipes".into()))?;
        let mut answers = BufReader::with_capacity(128 * 1024, answers);
        match timeout(START, answers.read_u32_le()).await {
            Ok(Ok(frames::HELLO)) => Ok(Self { child: Mutex::new(child), questions, answers }),
            Ok(Ok(_)) => Err(RenderTrouble::Worker("the program is not a render worker".into())),
            Ok(Err(trouble)) => Err(failed(trouble)),
            Err(_) => Err(RenderTrouble::Worker("the render worker did not start in time".into())),
        }
    }

    fn alive(&self) -> bool {
        matches!(self.child.lock().unwrap_or_else(PoisonError::into_inner).try_wait(), Ok(None))
    }

    /// Asks and collects `count` answers; silence or death (the inner error) mean that the template was too much for the
    /// worker, or the machine for both.
    async fn answer(
        &mut self,
        question: &Question,
        count: usize,
        answers: &mut Vec<Answer>,
    ) -> Result<Result<(), RenderTrouble>, RenderTrouble> {
        let frame = frames::question(question).map_err(|trouble| RenderTrouble::Worker(trouble.to_string()))?;
        let budget = SILENCE + PER_MESSAGE * u32::try_from(count).unwrap_or(u32::MAX);
        let begun = Instant::now();
        let asked = timeout(SILENCE.max(budget), self.questions.write_all(&frame)).await;
        if !matches!(asked, Ok(Ok(()))) {
            return Err(RenderTrouble::Worker("the render worker does not listen".into()));
        }
        for _ in 0..count {
            let left = budget.saturating_sub(begun.elapsed()).min(SILENCE);
            match timeout(left, frames::read_answer(&mut self.answers)).await {
                Ok(Ok(Answer::Trouble(trouble))) => return Err(trouble),
                Ok(Ok(answer)) => answers.push(answer),
                Ok(Err(_)) | Err(_) => return Ok(Err(RenderTrouble::TooCostly)),
            }
        }
        Ok(Ok(()))
    }
}
