using Copilot.Domain.Costs;
using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Actor.Calls;
using Copilot.Domain.Runs.Actor.Sending;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Grants;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Tools;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs.Actor;

/// <summary>Puts the parts of a run together, once it is known what the run is.</summary>
internal sealed class RunAssembler(
    RunUpstream upstream,
    RunTools tools,
    SessionHistory history,
    ToolRegistry registry,
    RequestExtras extras,
    TimeProvider time,
    Random random,
    PriceTable prices,
    IApprovalGrants grants,
    IOptions<UpstreamOptions> upstreamOptions,
    IOptions<RunOptions> runOptions,
    ILogger<RunActor> logger)
{
    /// <summary>The parts of the run.</summary>
    /// <param name="recorder">Its events so far.</param>
    /// <param name="creation">What it was asked to do.</param>
    /// <param name="mailbox">Where its messages come from.</param>
    public RunParts Assemble(RunRecorder recorder, RunCreation creation, IRunMailbox mailbox)
    {
        var options = upstreamOptions.Value;
        var limit = new RunLimit(time, creation.Agent.MaxDuration, () => mailbox.Post(new RunMessage.TimeUp()));
        var hold = new RunHold(recorder, mailbox, limit, time, runOptions.Value.TakeOverSilence);
        var conversation = new RunConversation(recorder);
        var costs = new RunCosts(recorder, prices, logger);
        var steering = new Steering(recorder, upstream, mailbox);
        var budget = new BudgetGuard(recorder, mailbox, limit, time, runOptions.Value, logger);
        var connection = new RunConnection(recorder, upstream, mailbox, conversation, costs, creation.Agent.Model ?? options.Model, options, logger);
        var compaction = new Compaction(recorder, upstream, mailbox, conversation, steering, costs, options, logger);
        var recovery = new AttemptRecovery(recorder, upstream, mailbox, connection, compaction, hold, extras, time, logger);
        var attempts = new ResponseAttempts(
            recorder, upstream, mailbox, connection, compaction, steering, hold, budget, costs, conversation, extras, recovery, random, options, logger);
        var approvals = new PendingApprovals(recorder, tools, mailbox, hold, creation, grants, time, logger);
        var questions = new PendingQuestions(recorder, tools, mailbox, hold, time, runOptions.Value.QuestionTimeout);
        var round = new ToolRound(recorder, tools, approvals, questions, hold, mailbox, creation, logger);
        return new RunParts
        {
            Recorder = recorder,
            Creation = creation,
            Limit = limit,
            Steering = steering,
            Hold = hold,
            Interventions = new Interventions(recorder, hold),
            Budget = budget,
            Connection = connection,
            Tools = round,
            Work = new RunWork(
                recorder,
                creation,
                conversation,
                history,
                () => RunSettings.Of(creation, options, runOptions.Value, registry, tools.Hosted, tools.Switches),
                attempts,
                round,
                costs),
            End = new RunEnding(recorder, upstream, tools, mailbox, connection, approvals, round, steering, costs, time, logger),
        };
    }
}
