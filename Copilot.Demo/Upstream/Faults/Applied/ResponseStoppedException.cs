namespace Copilot.Demo.Upstream.Faults.Applied;

/// <summary>A fault has ended the response: nothing more is sent, and nothing is stored to continue from.</summary>
internal sealed class ResponseStoppedException() : Exception("A fault ended the response.");
