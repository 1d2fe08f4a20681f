using Copilot.Domain.Responses.Requests;

namespace Copilot.Web.Files;

/// <summary>A stored file with its owner.</summary>
/// <param name="File">Id, name, type and size.</param>
/// <param name="UserId">Who uploaded it.</param>
/// <param name="TeamId">The team it was uploaded in.</param>
/// <param name="SessionId">The session whose message uses it; null until one does.</param>
/// <param name="Sha256">Hash of its bytes.</param>
internal sealed record StoredFile(MessageFile File, string UserId, string TeamId, string? SessionId, string Sha256);

/// <summary>The files of a message that is to be sent.</summary>
/// <param name="Files">In the given order; empty when there is a problem.</param>
/// <param name="Problem">Why they cannot be sent, in one sentence; or null.</param>
internal sealed record ChosenFiles(IReadOnlyList<MessageFile> Files, string? Problem);
