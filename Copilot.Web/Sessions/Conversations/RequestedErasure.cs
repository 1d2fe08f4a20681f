namespace Copilot.Web.Sessions.Conversations;

/// <summary>What came of asking to delete a conversation.</summary>
/// <param name="Problem">Why it was not accepted, in a sentence; null when it was.</param>
/// <param name="RequestId">The request, with which it can be undone; null when it was not accepted.</param>
internal sealed record RequestedErasure(string? Problem, string? RequestId);
