using System.Reflection;
using Copilot.Demo.Upstream;
using Copilot.Domain.Runs.Events;
using Copilot.Web.Hosting;

namespace Copilot.Tests.Architecture;

/// <summary>Holds the walls: a room that touches what it may not fails here, with the line to look for.</summary>
public sealed class RoomTests
{
    private static readonly Assembly s_domain = typeof(RunEvent).Assembly;
    private static readonly Assembly s_web = typeof(CopilotApplication).Assembly;
    private static readonly Assembly s_demo = typeof(DemoUpstreamOptions).Assembly;

    private static readonly Lazy<IReadOnlySet<TypeUse>> s_uses =
        new(() => new[] { s_domain, s_web, s_demo }.SelectMany(TypeUse.ReadAll).ToHashSet());

    public static TheoryData<string> Names => [.. Rooms.All.Select(room => room.Namespace)];

    public static TheoryData<string> LargeRooms => [.. Rooms.Floors.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Room_OfTheProduct_UsesOnlyWhatItMay(string name)
    {
        var room = Rooms.All.Single(candidate => candidate.Namespace == name);

        Assert.Contains(s_uses.Value, use => room.Holds(use.From));
        Assert.Empty(room.Check(s_uses.Value));
    }

    [Fact]
    public void Domain_References_NeitherAspNetNorADatabase()
    {
        string[] allowed =
        [
            "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
            "Microsoft.Extensions.Options", "Websocket.Client",
            // A constructor of the socket library names it.
            "Microsoft.IO.RecyclableMemoryStream",
        ];

        var others = s_domain.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference => !reference.StartsWith("System.", StringComparison.Ordinal) && !allowed.Contains(reference));

        Assert.Empty(others);
    }

    [Fact]
    public void Demo_IsReferredToOnlyByHosting()
    {
        Assert.DoesNotContain(s_demo.GetReferencedAssemblies(), reference => reference.Name == "Copilot.Web");
        Assert.DoesNotContain(s_domain.GetReferencedAssemblies(), reference => reference.Name == "Copilot.Demo");
        Assert.DoesNotContain(s_uses.Value, use => use.From.StartsWith("Copilot.Web.", StringComparison.Ordinal)
            && !use.From.StartsWith("Copilot.Web.Hosting.", StringComparison.Ordinal)
            && !use.From.StartsWith("Copilot.Web.Options.", StringComparison.Ordinal)
            && use.To.StartsWith("Copilot.Demo.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(LargeRooms))]
    public void Floors_OfALargeRoom_UseOnlyWhatIsBelow(string room)
    {
        var floors = Rooms.Floors[room];
        var inside = s_uses.Value.Where(use => FloorOf(use.From, room) >= 0 && FloorOf(use.To, room) >= 0).ToList();

        Assert.All(Enumerable.Range(0, floors.Count), floor => Assert.Contains(inside, use => FloorOf(use.From, room) == floor || FloorOf(use.To, room) == floor));
        Assert.Empty(inside
            .Where(use => FloorOf(use.From, room) < FloorOf(use.To, room))
            .Select(use => $"{use.From} uses {use.To}")
            .Order(StringComparer.Ordinal));

        int FloorOf(string type, string of)
        {
            if (!type.StartsWith(of + ".", StringComparison.Ordinal) || type.Contains("ServiceCollectionExtensions", StringComparison.Ordinal))
            {
                return -1;
            }

            var rest = type[(of.Length + 1)..].Split('/', '+', '`')[0].Split('.');
            var name = rest.Length > 1 ? rest[0] : "";
            // A sub-room without a floor of its own belongs to the room's own namespace.
            return floors.Contains(name) ? floors.ToList().IndexOf(name) : floors.ToList().IndexOf("");
        }
    }

    [Fact]
    public void SocketLibrary_OfTheProduct_IsUsedByResponsesAlone()
    {
        var uses = s_uses.Value.Where(use => Rooms.SocketLibrary.Any(name => Room.IsIn(use.To, name))).ToList();

        Assert.Contains(uses, use => use.To == "Websocket.Client.WebsocketClient");
        Assert.All(uses, use => Assert.True(Room.IsIn(use.From, "Copilot.Domain.Responses.Transports"), $"{use.From} uses {use.To}"));
    }

    [Fact]
    public void Namespaces_OfTheProduct_AreTheKnownRooms()
    {
        Assert.Equal(["Audit", "Concurrency", "Costs", "Erasure", "Replay", "Responses", "Runs", "Settings", "Supervision", "Telemetry", "Timeline", "Tools"], Folders(s_domain, "Copilot.Domain."));
        Assert.Equal(Rooms.WebFolders, Folders(s_web, "Copilot.Web."));
    }

    [Fact]
    public void Rules_NameOfOurs_StandsForSomethingThatExists()
    {
        var types = new[] { s_domain, s_web, s_demo }.SelectMany(assembly => assembly.GetTypes()).Select(type => type.FullName!).ToList();

        // A rule about a type that was renamed would hold for ever.
        var vain = Rooms.All
            .SelectMany(room => (room.May ?? []).Concat(room.Never).Concat(room.But))
            .Where(name => name.StartsWith("Copilot.", StringComparison.Ordinal))
            .Where(name => !types.Any(type => type == name || type.StartsWith(name + ".", StringComparison.Ordinal)));

        Assert.Empty(vain);
    }

    private static IEnumerable<string> Folders(Assembly assembly, string root) => assembly.GetTypes()
        .Select(type => type.Namespace ?? "")
        .Where(space => space.StartsWith(root, StringComparison.Ordinal))
        .Select(space => space[root.Length..].Split('.')[0])
        .Distinct()
        .Order(StringComparer.Ordinal);
}
