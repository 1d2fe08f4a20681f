namespace Copilot.Web.Api.Supervising;

/// <summary>A command that was saved for a run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Id">The command's id.</param>
/// <param name="Verb">What was asked.</param>
/// <param name="StartedRunId">The run that continues one which had ended (<c>retry</c>); null for all other commands.</param>
internal sealed record CommandReceipt(string RunId, string Id, string Verb, string? StartedRunId);
