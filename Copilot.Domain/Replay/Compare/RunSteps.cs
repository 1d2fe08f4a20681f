using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.State;

namespace Copilot.Domain.Replay.Compare;

/// <summary>A timeline as the steps that two runs are compared by.</summary>
public static class RunSteps
{
    /// <summary>The steps, in order. Requests that brought nothing that counts belong to the one that did.</summary>
    public static IReadOnlyList<RunStep> Of(TimelineState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var parts = state.Items
            .Where(item => item is ResponseItem { Superseded: null })
            .ToLookup(item => item.Attempt ?? -1);
        var steps = new List<RunStep>();
        var lost = 0;
        AttemptItem? failed = null;

        // Calls that a run began with have no request of their own.
        if (parts[-1].Any())
        {
            steps.Add(Response(state, parts[-1].First(), request: null, [.. parts[-1]], attempts: 0));
        }

        foreach (var item in state.Items)
        {
            switch (item)
            {
                case UserMessageItem message:
                    steps.Add(Words(message, message.Text));
                    break;
                case ForkItem { Question: { } question } fork:
                    steps.Add(Words(fork, question));
                    break;
                case SteerItem { Phase: SteerPhase.Delivered } steer:
                    steps.Add(Words(steer, steer.Text));
                    break;
                case AttemptItem attempt when Counts(attempt, parts[attempt.Ordinal]):
                    steps.Add(Response(state, attempt, attempt, [.. parts[attempt.Ordinal]], lost + 1));
                    (lost, failed) = (0, null);
                    break;
                case AttemptItem attempt:
                    lost++;
                    failed = attempt;
                    break;
            }
        }

        if (failed is not null)
        {
            steps.Add(Response(state, failed, failed, [], lost));
        }

        return [.. steps.OrderBy(step => step.FromSeq).Select((step, place) => step with { Number = place + 1 })];
    }

    private static bool Counts(AttemptItem attempt, IEnumerable<TimelineItem> parts) =>
        attempt.Superseded is null && attempt.Phase is AttemptPhase.Completed or AttemptPhase.Incomplete or AttemptPhase.Sent or AttemptPhase.Streaming || parts.Any();

    private static RunStep Words(TimelineItem item, string text) => new(0, RunStepKind.Message, item.FromSeq, item.At) { Text = text };

    private static RunStep Response(TimelineState state, TimelineItem first, AttemptItem? request, IReadOnlyList<TimelineItem> parts, int attempts)
    {
        var last = parts.Append(first).Max(item => item.ToSeq) - 1;
        return new RunStep(0, RunStepKind.Response, first.FromSeq, first.At)
        {
            Text = string.Join("\n\n", parts.OfType<AnswerItem>().Where(answer => !answer.IsEmpty).Select(answer => answer.Text)),
            Calls = [.. parts.Select(CallOf).OfType<StepCall>()],
            EndedAt = parts.Any(item => item.IsOpen) || request is { IsOpen: true } ? null : EndOf(request, parts),
            Model = request?.Model.Current,
            Usage = request is { Usage.IsSet: true } ? request.Usage.Current : null,
            Cost = request?.Cost.Current,
            Transport = state.Transports.Clip(last).Current,
            Attempts = attempts,
        };
    }

    private static DateTimeOffset? EndOf(AttemptItem? request, IEnumerable<TimelineItem> parts) => parts
        .Select(item => item is ToolCallItem call ? call.Steps.Since : (item as ResponseItem)?.Done?.At)
        .Append(request?.Phases.Since)
        .Max();

    private static StepCall? CallOf(TimelineItem item) => item switch
    {
        ToolCallItem call => new StepCall(
            call.Name.Current ?? "", call.FromSeq, call.Arguments.ToString(), call.Output, call.State, call.Duration),
        HostedToolItem hosted when TimelineSteps.IsCall(hosted) => new StepCall(
            hosted.Name.Current ?? hosted.ItemType, hosted.FromSeq, hosted.Input.ToString(), ResultOf(hosted), StateOf(hosted), Duration: null)
        {
            IsHosted = true,
        },
        _ => null,
    };

    private static string? ResultOf(HostedToolItem hosted) => hosted switch
    {
        McpCallItem call => call.Facts?.Error ?? call.Facts?.Output?.Text,
        CommandItem { Outputs.IsEmpty: false } command => string.Join("\n", command.Outputs.Select(one => one.Text.ToString())),
        _ => null,
    };

    private static ToolCallState StateOf(HostedToolItem hosted) => hosted switch
    {
        { HasFailed: true } => ToolCallState.Failed,
        { WasCut: true } => ToolCallState.Cancelled,
        { Done: null } => ToolCallState.Running,
        _ => ToolCallState.Completed,
    };
}
