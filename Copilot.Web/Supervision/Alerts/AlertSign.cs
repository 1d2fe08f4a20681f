using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>A sign that stands now and is to be an alert.</summary>
/// <param name="RunId">The run.</param>
/// <param name="SessionId">Its session.</param>
/// <param name="Of">Whose run it is.</param>
/// <param name="Kind">The kind of sign, as the HTTP API names it.</param>
/// <param name="Tool">The tool that it is about, or null.</param>
/// <param name="Claim">Who takes care of the run, or null.</param>
internal sealed record AlertSign(string RunId, string SessionId, RunOwner Of, string Kind, string? Tool, RunClaim? Claim)
{
    /// <summary>The rule that has fired; empty where none has.</summary>
    public string RuleId { get; init; } = "";

    /// <summary>Its name, or null.</summary>
    public string? RuleName { get; init; }

    /// <summary>The number of the event that it is about, or null.</summary>
    public long? Seq { get; init; }

    /// <summary>How many times the rule has fired in the run.</summary>
    public int Firings { get; init; }
}
