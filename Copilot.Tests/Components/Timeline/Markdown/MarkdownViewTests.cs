using Bunit;
using Copilot.Domain.Timeline.Text;
using Copilot.Tests.Shared.Clock;
using Copilot.Web.Components.Timeline.Markdown;
using Copilot.Web.Components.Timeline.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Tests.Components.Timeline.Markdown;

/// <summary>A text on the page of a replay, whose blocks come in steps.</summary>
public sealed class MarkdownViewTests : TimelineContext
{
    [Fact]
    public async Task View_GoneWhenItsNextBlocksAreDue_EndsQuietly()
    {
        var clock = new ManualClock();
        Services.AddSingleton<TimeProvider>(clock);
        var text = GrowingText.Empty.Append(new SeqMark(1, default), string.Join("\n\n", Enumerable.Range(0, 80).Select(place => $"Part {place}.")));
        var view = Render<MarkdownView>(part => part.Add(one => one.Text, text).AddCascadingValue(new TimelineMoment(default)));
        await clock.WhenTimersArmedAsync(1);

        // Its time comes while the page is drawn without it.
        await view.InvokeAsync(async () =>
        {
            using var isDue = new ManualResetEventSlim();
            var advanced = Task.Run(() =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                isDue.Set();
            });
            Assert.True(isDue.Wait(Waiting.Limit));
            var disposed = DisposeComponentsAsync();
            await advanced;
            await disposed;
        });
        await Renderer.Dispatcher.InvokeAsync(() => { });

        Assert.False(Renderer.UnhandledException.IsCompleted);
    }
}
