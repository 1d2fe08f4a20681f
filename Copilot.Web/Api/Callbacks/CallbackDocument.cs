using Copilot.Web.Api.Runs;

namespace Copilot.Web.Api.Callbacks;

/// <summary>The body of a callback. Fields may be added, never changed.</summary>
/// <param name="Type"><c>run.</c> and the run's status.</param>
/// <param name="Timestamp">When this try was made.</param>
/// <param name="Run">The run as it is now, like <c>GET /api/runs/{id}</c>.</param>
internal sealed record CallbackDocument(string Type, string Timestamp, RunDocument Run);
