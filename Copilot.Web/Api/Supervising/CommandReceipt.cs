namespace Copilot.Web.Api.Supervising;

/// <summary>A command that was saved for a run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Id">The command's id.</param>
/// <param name="Verb">What was asked.</param>
internal sealed record CommandReceipt(string RunId, string Id, string Verb);
