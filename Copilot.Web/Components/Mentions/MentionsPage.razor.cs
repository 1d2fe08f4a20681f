using Copilot.Web.Components.RunScreen.Review;
using Copilot.Web.Runs.Comments;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;

namespace Copilot.Web.Components.Mentions;

/// <summary>The comments on runs that mention the reader, with links to their moments.</summary>
public sealed partial class MentionsPage(TimeProvider time, ILogger<MentionsPage> logger) : WatchingPage(time, logger)
{
    private const int Shown = 100;

    private IReadOnlyList<Mention>? _mentions;
    private long? _version;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    [Inject]
    internal CommentChanges Changes { get; set; } = null!;

    [Inject]
    internal Copilot.Web.Runs.Comments.Mentions Store { get; set; } = null!;

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => Changes.Next;

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var version = Changes.VersionOf(User.Id);
        if (version != _version)
        {
            _mentions = await Store.ReadAsync(User.Id, Shown, cancellationToken);
            _version = version;
        }

        return true;
    }

    private static string Address(Mention mention) => RunAddress.Of(mention.RunId, mention.Seq, origin: null, "comments");
}
