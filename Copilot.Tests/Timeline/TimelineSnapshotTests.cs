using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Timeline;
using Copilot.Domain.Timeline.Items;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.Snapshots;
using Copilot.Domain.Timeline.State;
using Copilot.Domain.Timeline.Text;
using Copilot.Tests.Golden;

namespace Copilot.Tests.Timeline;

/// <summary>A state that was written and read says all that it said, and goes on as it would have gone on.</summary>
public sealed class TimelineSnapshotTests
{
    public static TheoryData<string> Names => [.. GoldenLog.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_GoldenLog_IsTheSameStateAndGoesOnAlike(string name)
    {
        foreach (var run in GoldenLog.Read(name).Runs)
        {
            var whole = TimelineReducer.Apply(TimelineState.Empty, run);
            Assert.Equal(TimelineDump.WithIndex(whole), TimelineDump.WithIndex(Again(whole)));
            Assert.Equal(TimelineSnapshot.Write(whole), TimelineSnapshot.Write(Again(whole)));
            for (var place = 1; place < run.Count; place += Math.Max(1, run.Count / 7))
            {
                var part = TimelineReducer.Apply(TimelineState.Empty, run.Take(place));
                Assert.Equal(TimelineDump.WithIndex(whole), TimelineDump.WithIndex(TimelineReducer.Apply(Again(part), run.Skip(place))));
                Assert.Equal(TimelineDump.WithIndex(TimelineClip.At(whole, place)), TimelineDump.WithIndex(TimelineClip.At(Again(whole), place)));
            }
        }
    }

    [Fact]
    public void Kinds_AreAllThereAre() => Assert.Equal(
        typeof(TimelineItem).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TimelineItem)) && !type.IsAbstract).Select(type => type.Name).Order(StringComparer.Ordinal),
        TimelineSnapshotJson.Kinds.Select(kind => kind.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Read_EveryKindWithAllItCanSay_SaysItAgain()
    {
        var state = (TimelineState)Filled(typeof(TimelineState));
        state = state with
        {
            Items = [.. TimelineSnapshotJson.Kinds.Select(kind => (TimelineItem)Filled(kind))],
            Index = new TimelineIndex(
                ImmutableDictionary<string, int>.Empty.Add("resp_1", 3),
                ImmutableDictionary<(int, string), int>.Empty.Add((3, "msg_1"), 4),
                ImmutableDictionary<(int, int), int>.Empty.Add((3, 0), 4).Add((3, 1), 5),
                ImmutableDictionary<string, int>.Empty.Add("call_1", 5),
                3,
                2),
        };

        Assert.Equal(TimelineDump.WithIndex(state), TimelineDump.WithIndex(Again(state)));
    }

    [Fact]
    public void Write_HalfACharacter_IsRefused()
    {
        var item = (StatusItem)Filled(typeof(StatusItem));

        Assert.Equal("a 😀", ((StatusItem)Again(TimelineState.Empty with { Items = [item with { Reason = "a 😀" }] }).Items[0]).Reason);
        Assert.Throws<JsonException>(() => TimelineSnapshot.Write(TimelineState.Empty with { Items = [item with { Reason = "a \ud83d" }] }));
    }

    [Fact]
    public void Read_SomethingElse_IsRefused()
    {
        Assert.Throws<JsonException>(() => TimelineSnapshot.Read("null"u8));
        Assert.Throws<JsonException>(() => TimelineSnapshot.Read("""{"Statuses":{}}"""u8));
    }

    private static TimelineState Again(TimelineState state) => TimelineSnapshot.Read(TimelineSnapshot.Write(state));

    /// <summary>A value of a type in which nothing is as it is by itself.</summary>
    private static object Filled(Type type)
    {
        var mark = new SeqMark(7, new DateTimeOffset(2026, 11, 29, 20, 1, 2, 345, TimeSpan.Zero).AddTicks(60));
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Filled(inner);
        }

        if (type.IsEnum)
        {
            return type.GetEnumValues().GetValue(type.GetEnumValues().Length - 1)!;
        }

        object? simple = type switch
        {
            _ when type == typeof(string) => "words, \"quoted\" é 水",
            _ when type == typeof(int) => 41,
            _ when type == typeof(long) => 4_100_000_000_000,
            _ when type == typeof(double) => 0.1,
            _ when type == typeof(bool) => true,
            _ when type == typeof(DateTimeOffset) => mark.At,
            _ when type == typeof(TimeSpan) => TimeSpan.FromTicks(12_345_678_901),
            _ when type == typeof(ReadOnlyMemory<byte>) => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes("{}"),
            _ when type == typeof(GrowingText) =>
                GrowingText.Empty.Append(mark, "one").Finish(mark, "another").Append(new SeqMark(9, mark.At.AddTicks(10)), new string('x', 600)),
            _ when type == typeof(TimelineIndex) => TimelineIndex.Empty,
            _ when type == typeof(TimelineItem) => Filled(typeof(StatusItem)),
            _ => null,
        };
        if (simple is not null)
        {
            return simple;
        }

        if (type.IsGenericType && type.GetGenericArguments() is [var of])
        {
            var generic = type.GetGenericTypeDefinition();
            if (generic == typeof(Track<>))
            {
                return type.GetMethod(nameof(Track<>.Set))!.Invoke(Activator.CreateInstance(type), [mark, Filled(of)])!;
            }

            if (generic == typeof(ImmutableArray<>) || generic == typeof(ImmutableList<>) || generic == typeof(IReadOnlyList<>))
            {
                var one = Array.CreateInstance(of, 1);
                one.SetValue(Filled(of), 0);
                var make = generic == typeof(ImmutableList<>) ? typeof(ImmutableList) : typeof(ImmutableArray);
                return make.GetMethods().First(method => method.Name == "CreateRange" && method.GetParameters().Length == 1)
                    .MakeGenericMethod(of).Invoke(null, [one])!;
            }
        }

        var constructor = type.GetConstructors().Where(one => one.GetParameters().All(parameter => parameter.ParameterType != type))
            .OrderByDescending(one => one.GetParameters().Length).FirstOrDefault();
        var made = constructor?.Invoke([.. constructor.GetParameters().Select(parameter => Filled(parameter.ParameterType))]) ?? Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && property.GetIndexParameters().Length == 0))
        {
            property.SetValue(made, Filled(property.PropertyType));
        }

        return made;
    }
}
