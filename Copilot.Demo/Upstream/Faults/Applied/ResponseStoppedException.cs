namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>A fault has ended the response in its own way: nothing more of it is sent, and nothing is kept to continue from.</summary>
internal sealed class ResponseStoppedException() : Exception("A fault ended the response.");
