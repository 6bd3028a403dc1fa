//! Running other programs: say what is run, and when it fails, what to do about it.

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// The cargo that started us, or else the one in `PATH`, to be run in a folder.
pub fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder);
    command
}

/// Prints the command and runs it; when it fails, the error ends with the next step.
pub fn run(command: &mut Command, next_step: &str) -> Result<()> {
    let status = status(command)?;
    if status.success() {
        return Ok(());
    }
    bail!("`{}` failed ({status}); {next_step}", name(command))
}

/// Prints the command, runs it, and leaves it to the caller to judge how it ended.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    eprintln!("$ {}", line(command));
    command.status().with_context(|| not_started(command))
}

/// As [`run`], and returns what the command wrote on standard output.
pub fn run_and_read(command: &mut Command, next_step: &str) -> Result<String> {
    eprintln!("$ {}", line(command));
    let output = command.stderr(Stdio::inherit()).output().with_context(|| not_started(command))?;
    if !output.status.success() {
        bail!("`{}` failed ({}); {next_step}", name(command), output.status);
    }
    text(output.stdout, command)
}

/// Runs the command without a word and returns what it wrote.
pub fn read(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| not_started(command))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}", line(command), complaint.trim());
    }
    text(output.stdout, command)
}

fn text(output: Vec<u8>, command: &Command) -> Result<String> {
    let text = String::from_utf8(output)
        .with_context(|| format!("`{}` wrote something that is not text", line(command)))?;
    Ok(text.trim().to_owned())
}

/// The exit code to end with when the work was done by another program.
pub fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn line(command: &Command) -> String {
    let mut words = vec![name(command)];
    words.extend(command.get_args().map(|argument| argument.to_string_lossy().into_owned()));
    words.join(" ")
}

fn not_started(command: &Command) -> String {
    format!("`{}` could not be started; is it installed and in PATH?", name(command))
}
