using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Settings;

namespace Copilot.Domain.Runs;

/// <summary>Limits over all runs of the process. Bound from <c>Runs</c>.</summary>
public sealed class RunOptions
{
    /// <summary>Runs that may be active at once; more are refused with "try again later" (429). Default: 250.</summary>
    [AtLeast(1)]
    public int MaxActive { get; set; } = 250;

    /// <summary>Of those, how many only admins may use, so that they can work on a server that is full. Default: 5.</summary>
    [AtLeast(0)]
    public int ReservedForAdmins { get; set; } = 5;

    /// <summary>Runs of one person that may be active at once, those of their API keys included. Default: 50.</summary>
    [AtLeast(1)]
    public int MaxActivePerUser { get; set; } = 50;

    /// <summary>Runs of one API key that may be active at once. Default: 50.</summary>
    [AtLeast(1)]
    public int MaxActivePerKey { get; set; } = 50;

    /// <summary>Runs of all people that may wait in queues. Default: 500.</summary>
    [AtLeast(0)]
    public int MaxQueued { get; set; } = 500;

    /// <summary>Runs one person may have waiting in queues; 0 is no queue. Default: 5.</summary>
    [AtLeast(0)]
    public int MaxQueuedPerUser { get; set; } = 5;

    /// <summary>Longest message, in UTF-16 code units. Default: 100,000.</summary>
    [AtLeast(1)]
    public int MaxInputLength { get; set; } = 100_000;

    /// <summary>Received bytes of one run that may wait for their commit before reading from the upstream pauses. Default: 8 MiB.</summary>
    [AtLeast(1)]
    public int MaxUnwrittenBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// Whether runs that a restart interrupted resume by themselves where no call could have an effect twice. Off, people are
    /// asked for each. Default: true.
    /// </summary>
    public bool ResumeAtStart { get; set; } = true;

    /// <summary>
    /// What one run may cost, in units of <c>Prices:Currency</c>; without it there is no limit. It is checked before each response: a
    /// response that has started is not cut, so a run may end a little above it. Needs a price of <c>Upstream:Model</c>. Default: none.
    /// </summary>
    [Between(0.000001, 1_000_000_000)]
    public decimal? Budget { get; set; }

    /// <summary>
    /// What happens when a run has used up its budget: it ends as failed with <c>budget_exceeded</c> (<c>Stop</c>), or waits for a
    /// person who may control it (<c>Ask</c>). Default: <c>Stop</c>.
    /// </summary>
    public OnBudget OnBudget { get; set; }

    /// <summary>How long a run waits for a person to raise its budget before it ends. The time-out of the run does not count this wait. Default: 30 min.</summary>
    [Duration]
    public TimeSpan BudgetDecisionTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// Whether the model is asked to say with each call of a tool what it is for, in a few words that people read while it runs. It costs
    /// some tokens per tool with every request. Default: true.
    /// </summary>
    public bool ToolIntents { get; set; } = true;

    /// <summary>
    /// How long somebody who answers in the agent's place may be silent before the agent continues by itself. Default: 10 min.
    /// </summary>
    [Duration]
    public TimeSpan TakeOverSilence { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a shutdown lets runs finish the step that they are in, a tool call or a response, before it interrupts them; nothing new
    /// begins meanwhile. With <see cref="ShutdownTimeout"/> it must fit into what the service manager waits (Docker: 10 s). 0 interrupts
    /// at once. Default: 4 s.
    /// </summary>
    [Delay("01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// How long an agent's question waits for an answer (<c>ask_user</c>); then the agent is told that nobody answered. The time-out of the
    /// run does not count this wait. Default: 10 min.
    /// </summary>
    [Duration("30.00:00:00")]
    public TimeSpan QuestionTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a shutdown waits for runs to be interrupted cleanly. Default: 5 s.</summary>
    [Duration]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
