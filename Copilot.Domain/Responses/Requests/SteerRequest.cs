namespace Copilot.Domain.Responses.Requests;

/// <summary>A message to a response that is being generated (<c>response.steer</c>).</summary>
public sealed record SteerRequest(string PreviousResponseId, string Text);
