namespace Copilot.Web.Runs.Personal;

/// <summary>What came of asking to erase a person's conversations.</summary>
/// <param name="Requested">Conversations that are being erased.</param>
/// <param name="Held">Conversations that stay because of a legal hold.</param>
/// <param name="Comments">Comments on runs of others that were erased.</param>
/// <param name="HeldComments">Comments on runs of others that stay because of a legal hold.</param>
internal sealed record PersonErasureResult(int Requested, int Held, int Comments, int HeldComments);
