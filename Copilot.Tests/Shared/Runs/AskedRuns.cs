using Copilot.Domain.Runs;

namespace Copilot.Tests.Shared.Runs;

/// <summary>Takes what a page asks of runs, and answers as the test says.</summary>
internal sealed class AskedRuns : IRuns, IRunPreparations
{
    /// <summary>What was asked to start, in order.</summary>
    public List<RunRequest> Requests { get; } = [];

    /// <summary>What was commanded, in order.</summary>
    public List<(string RunId, RunCommand Command)> Commands { get; } = [];

    /// <summary>What was asked to be prepared, in order.</summary>
    public List<RunPreparationRequest> Preparations { get; } = [];

    /// <summary>How a start is answered.</summary>
    public required Func<RunRequest, CancellationToken, Task<StartOutcome>> OnStart { get; set; }

    /// <summary>How a decision about a waiting call is answered.</summary>
    public Func<string, RunCommand.Decision, CommandOutcome> OnDecide { get; set; } = (_, _) => new CommandOutcome.Accepted();

    /// <summary>How any other command is answered.</summary>
    public Func<string, RunCommand, CommandOutcome> OnCommand { get; set; } = (_, _) => new CommandOutcome.Accepted();

    /// <summary>What happens before a command or a decision is answered.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public Task<StartOutcome> StartAsync(RunRequest request, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        return OnStart(request, cancellationToken);
    }

    public Task PrepareAsync(RunPreparationRequest request, CancellationToken cancellationToken)
    {
        Preparations.Add(request);
        return Task.CompletedTask;
    }

    public async Task<CommandOutcome> AskAsync(string runId, RunCommand command, CancellationToken cancellationToken)
    {
        await Before(cancellationToken);
        if (command is RunCommand.Decision decision)
        {
            return OnDecide(runId, decision);
        }

        Commands.Add((runId, command));
        return OnCommand(runId, command);
    }
}
