using Copilot.Domain.Erasure;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Sessions.Conversations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Copilot.Tests.Sessions.Conversations;

/// <summary>Lists of conversations and what can be done with them, over a page's database.</summary>
internal static class ConversationScene
{
    public static ConversationList List(ChatFixture page, ConversationChanges changes) =>
        new(page.Database.Sessions, page.Directory, changes, page.Clock, NullLogger<ConversationList>.Instance);

    public static ConversationCommands Commands(ChatFixture page, ConversationChanges changes) => new(
        page.Database.Sessions,
        new ErasureService(page.Database.Services.GetRequiredService<IErasureStore>(), page.Access, new ErasureChanges(), page.Clock),
        page.Access,
        changes,
        Microsoft.Extensions.Options.Options.Create(new RetentionOptions()),
        NullLogger<ConversationCommands>.Instance);

    /// <summary>Completes once a list is as expected.</summary>
    public static async Task When(this ConversationList list, Func<bool> isSo, string phase)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (isSo())
            {
                reached.TrySetResult();
            }
        }

        list.Changed += Look;
        Look();
        await reached.Task.Soon(phase);
        list.Changed -= Look;
    }
}
