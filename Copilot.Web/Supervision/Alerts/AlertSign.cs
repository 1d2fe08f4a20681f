using Copilot.Domain.Runs.Events;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>A sign that stands now and is to be an alert.</summary>
/// <param name="RunId">The run.</param>
/// <param name="SessionId">Its session.</param>
/// <param name="Of">Whose run it is.</param>
/// <param name="Kind">The kind of sign, as the HTTP API names it.</param>
/// <param name="Tool">The tool that it is about, or null.</param>
/// <param name="Claim">Who takes care of the run, or null.</param>
internal sealed record AlertSign(string RunId, string SessionId, RunOwner Of, string Kind, string? Tool, RunClaim? Claim);
