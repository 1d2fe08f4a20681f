namespace Copilot.Domain.Responses;

/// <summary>
/// Decides what follows when a response does not complete: the same request again, in which way and when, or the end of the run. It
/// is a table, read from the top, and the first row that fits decides; it has no state and no clock.
/// </summary>
/// <remarks>
/// Sending a request again is safe for the run's own tools, because none with effects starts before its response has ended well and
/// every call that did start stays in the input with its output. What the upstream itself had under way is not safe, and only that
/// ends the run for <see cref="EffectsSoFar.Unknown"/>. The table is explained row by row in <c>docs/transport.md</c>.
/// </remarks>
public static partial class FailurePolicy
{
    /// <summary>The names of the rows, in the order in which they are read.</summary>
    internal static IReadOnlyList<string> Rows => [.. s_rows.Select(row => row.Name), OutcomeUnknown, TooManyAttempts, TooLongAWait];

    /// <summary>Decides.</summary>
    /// <param name="fault">What happened.</param>
    /// <param name="context">The circumstances.</param>
    /// <param name="options">The limits: <see cref="UpstreamOptions.MaxAttempts"/> and <see cref="UpstreamOptions.MaxRetryWait"/>.</param>
    public static FailureDecision Decide(UpstreamFault fault, FailureContext context, UpstreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);

        var facts = Facts.Of(fault, context);
        var row = s_rows.First(row => row.Fits(facts));
        var decision = row.Decide(facts) with { Row = row.Name, Clock = facts.Broken?.Clock ?? facts.EndedIdle?.Clock, MayBeBilledTwice = facts.MayBeBilledTwice };
        return decision is FailureDecision.EndRun or FailureDecision.CompleteIncomplete
            ? decision with { MayBeBilledTwice = false }
            : Limit(decision, facts, options);
    }

    private static FailureDecision Limit(FailureDecision decision, Facts facts, UpstreamOptions options)
    {
        if (facts.Context.Effects == EffectsSoFar.Unknown)
        {
            return End(
                OutcomeUnknown,
                "outcome_unknown",
                $"{facts.Message} A tool of the upstream was under way, and nobody knows whether it took effect.",
                "Look whether it happened before you ask again.");
        }

        if (facts.Context.Attempt >= options.MaxAttempts)
        {
            return End(
                TooManyAttempts,
                facts.Code,
                facts.Context.Attempt == 1 ? facts.Message : $"{facts.Message} It was tried {facts.Context.Attempt} times.",
                AdviceFor(facts));
        }

        var delay = decision switch
        {
            FailureDecision.ReconnectAndResendFull reconnect => reconnect.Delay,
            FailureDecision.WaitAndRetry wait => wait.Delay,
            _ => TimeSpan.Zero,
        };
        return facts.Context.Waited + delay > options.MaxRetryWait
            ? End(TooLongAWait, facts.Code, facts.Message, $"The upstream asks for a longer wait than {Words(options.MaxRetryWait)}. Try again later.")
            : decision;

        FailureDecision.EndRun End(string row, string code, string message, string advice) =>
            new(code, message, advice) { Row = row, Reason = decision.Reason, Clock = decision.Clock };
    }

    private static string Words(TimeSpan time) => time.TotalMinutes >= 2
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} minutes")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    /// <summary>One row: when it fits and what it decides.</summary>
    private sealed record Row(string Name, Func<Facts, bool> Fits, Func<Facts, FailureDecision> Decide);
}
