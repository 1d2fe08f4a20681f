using System.Runtime.CompilerServices;
using Copilot.Domain.Runs.Log;
using Copilot.Tests.Storage;

namespace Copilot.Tests.Runs.Log;

public sealed class RunLogTests
{
    [Fact]
    public void Publish_BeyondTheTailsBytes_LetsGoOfWhatLeftIt()
    {
        var log = new RunLog();
        var published = PublishLarge(log, count: 20);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // 4 MB of tail hold three events of 1 MB and the newest one at most.
        Assert.InRange(published.Count(data => data.IsAlive), 1, 4);
        Assert.Null(log.Read(0));
        Assert.Equal(20, log.Read(19)![0].Seq);
        GC.KeepAlive(log);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> PublishLarge(RunLog log, int count)
    {
        var run = new FakeRun("a");
        var published = new List<WeakReference>();
        for (var i = 0; i < count; i++)
        {
            var runEvent = run.Append(("response.image_generation_call.partial_image", new string('x', 1024 * 1024))).Events[0];
            published.Add(new WeakReference(runEvent));
            log.Publish([runEvent]);
        }

        return published;
    }
}
