namespace Copilot.Domain.Responses.Failures;

/// <summary>
/// Decides what follows when a response does not complete: the same request again, in which way and when, or the end of the run. It
/// is a table, read from the top, and the first rule that fits decides; it has no state and does not read the time.
/// </summary>
/// <remarks>
/// Sending a request again is safe for the run's own tools, because none with effects starts before its response has ended well and
/// every call that did start stays in the input with its output. What the upstream itself had in progress is not safe, and only that
/// ends the run for <see cref="EffectsSoFar.Unknown"/>. The table is explained rule by rule in <c>docs/transport.md</c>.
/// </remarks>
public static partial class FailurePolicy
{
    /// <summary>The names of the rules, in order.</summary>
    internal static IReadOnlyList<string> Rules => [.. s_rules.Select(rule => rule.Name), OutcomeUnknown, TooManyAttempts, TooLongAWait];

    /// <summary>Decides what to do about a failure.</summary>
    /// <param name="failure">What happened.</param>
    /// <param name="context">The circumstances.</param>
    /// <param name="options">The limits: <see cref="UpstreamOptions.MaxAttempts"/> and <see cref="UpstreamOptions.MaxRetryWait"/>.</param>
    public static FailureDecision Decide(UpstreamFailure failure, FailureContext context, UpstreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(failure);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);

        var details = FailureDetails.Of(failure, context);
        var rule = s_rules.First(rule => rule.Fits(details));
        var decision = rule.Decide(details) with { Rule = rule.Name, Timeout = details.Broken?.Timeout ?? details.EndedIdle?.Timeout, MayBeBilledTwice = details.MayBeBilledTwice };
        return decision is FailureDecision.EndRun or FailureDecision.CompleteIncomplete
            ? decision with { MayBeBilledTwice = false }
            : Limit(decision, details, options);
    }

    private static FailureDecision Limit(FailureDecision decision, FailureDetails details, UpstreamOptions options)
    {
        if (details.Context.Effects == EffectsSoFar.Unknown)
        {
            return End(
                OutcomeUnknown,
                "outcome_unknown",
                $"{Sentence(details.Message)} A tool of the model provider was running, and we don't know whether it took effect.",
                "Check whether it took effect before you ask again.");
        }

        if (details.Context.Attempt >= options.MaxAttempts)
        {
            return End(
                TooManyAttempts,
                details.Code,
                details.Context.Attempt == 1 ? details.Message : $"{Sentence(details.Message)} We tried {details.Context.Attempt} times.",
                AdviceFor(details));
        }

        var delay = decision switch
        {
            FailureDecision.ReconnectAndResendFull reconnect => reconnect.Delay,
            FailureDecision.WaitAndRetry wait => wait.Delay,
            FailureDecision.ReturnToSocket socket => socket.Delay,
            _ => TimeSpan.Zero,
        };
        return details.Context.Waited + delay > options.MaxRetryWait
            ? End(TooLongAWait, details.Code, details.Message, $"The model provider asks for a longer wait than {Format(options.MaxRetryWait)}. Try again later.")
            : decision;

        FailureDecision.EndRun End(string rule, string code, string message, string advice) =>
            new(code, message, advice) { Rule = rule, Reason = decision.Reason, Timeout = decision.Timeout };
    }

    /// <summary>An upstream's words need not end as a sentence; what follows begins a new one.</summary>
    private static string Sentence(string message) => message.TrimEnd() is var text && (text.Length == 0 || text[^1] is '.' or '!' or '?' or '…') ? text : text + ".";

    private static string Format(TimeSpan duration) => duration.TotalMinutes >= 2
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.#} minutes")
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#} s");

    /// <summary>One rule: when it fits and what it decides.</summary>
    private sealed record Rule(string Name, Func<FailureDetails, bool> Fits, Func<FailureDetails, FailureDecision> Decide);
}
