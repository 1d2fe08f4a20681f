using System.Reflection;
using Copilot.Domain.Runs;
using Copilot.Web.Hosting;

namespace Copilot.Tests.Architecture;

/// <summary>Holds the walls: a room that touches what it may not fails here, with the line to look for.</summary>
public sealed class RoomTests
{
    private static readonly Assembly s_domain = typeof(RunEvent).Assembly;
    private static readonly Assembly s_web = typeof(CopilotApplication).Assembly;

    private static readonly Lazy<IReadOnlySet<TypeUse>> s_uses =
        new(() => TypeUse.ReadAll(s_domain).Concat(TypeUse.ReadAll(s_web)).ToHashSet());

    public static TheoryData<string> Names => [.. Rooms.Domain.Concat(Rooms.Web).Select(room => room.Namespace)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Room_OfTheProduct_UsesOnlyWhatItMay(string name)
    {
        var room = Rooms.Domain.Concat(Rooms.Web).Single(candidate => candidate.Namespace == name);

        Assert.Contains(s_uses.Value, use => room.Holds(use.From));
        Assert.Empty(room.Check(s_uses.Value));
    }

    [Fact]
    public void Domain_References_NeitherAspNetNorADatabase()
    {
        string[] allowed =
        [
            "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions",
            "Microsoft.Extensions.Options",
        ];

        var others = s_domain.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference => !reference.StartsWith("System.", StringComparison.Ordinal) && !allowed.Contains(reference));

        Assert.Empty(others);
    }

    [Fact]
    public void Namespaces_OfTheProduct_AreTheKnownRooms()
    {
        Assert.Equal(["Costs", "Forgetting", "Responses", "Runs", "Timeline", "Tools"], Folders(s_domain, "Copilot.Domain."));
        Assert.Equal(Rooms.WebFolders, Folders(s_web, "Copilot.Web."));
    }

    [Fact]
    public void Rules_NameOfOurs_StandsForSomethingThatExists()
    {
        var types = s_domain.GetTypes().Concat(s_web.GetTypes()).Select(type => type.FullName!).ToList();

        // A rule about a type that was renamed would hold for ever.
        var vain = Rooms.Domain.Concat(Rooms.Web)
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
