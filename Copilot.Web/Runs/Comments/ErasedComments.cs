using Copilot.Domain.Erasure;

namespace Copilot.Web.Runs.Comments;

/// <summary>
/// Comments go with the content of their run. Who has them on a screen, or is mentioned in one, sees that they are gone; whom they
/// mentioned has gone with them.
/// </summary>
internal sealed class ErasedComments(CommentChanges changes) : ISessionEraser
{
    /// <inheritdoc/>
    public Task EraseAsync(string sessionId, CancellationToken cancellationToken)
    {
        changes.ReportAll();
        return Task.CompletedTask;
    }
}
