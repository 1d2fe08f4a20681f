using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Tests.Golden;
using Copilot.Tests.Runs.Actor;

namespace Copilot.Tests.Runs.Events;

public sealed class RunEventRecordTests
{
    private static readonly string[] s_types =
    [
        .. typeof(RunEventTypes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(constant => constant.IsLiteral)
            .Select(constant => (string)constant.GetRawConstantValue()!),
    ];

    public static TheoryData<string> Names => [.. GoldenLog.Names];

    public static TheoryData<string> Types => [.. s_types];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_WhatWasRead_IsTheSameToTheByte(string name)
    {
        var own = GoldenLog.Read(name).Runs.SelectMany(run => run).Where(one => one.Source is not EventSource.Upstream).ToArray();

        Assert.NotEmpty(own);
        foreach (var one in own.Where(one => !one.IsErased))
        {
            var payload = RunEventRecords.Parse(one.Type, one.Data.Span);

            Assert.Equal(one.Type, RunEventRecords.TypeOf(payload));
            Assert.Equal(Encoding.UTF8.GetString(one.Data.Span), Encoding.UTF8.GetString(RunEventRecords.Write(payload).Span));
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Parse_DeletedPayload_IsTheRecordOfItsTypeWithoutFields(string type)
    {
        var payload = RunEventRecords.Parse(type, []);

        Assert.Equal(type, RunEventRecords.TypeOf(payload));
        Assert.All(
            payload.GetType().GetProperties().Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null or { Condition: JsonIgnoreCondition.Never }),
            property => Assert.Null(property.GetValue(payload)));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Parse_ValuesOfAnotherKind_NeverThrows(string type)
    {
        foreach (var one in GoldenLog.Events.Where(one => one.Type == type && !one.IsErased).Take(20))
        {
            foreach (var broken in Broken(JsonNode.Parse(one.Data.Span)!.AsObject()))
            {
                var payload = RunEventRecords.Parse(type, Encoding.UTF8.GetBytes(broken));

                Assert.True(payload is not UnknownRunEvent && RunEventRecords.TypeOf(payload) == type, broken);
                if (payload is RunCreated created)
                {
                    _ = created.TextFormatType;
                }
            }
        }
    }

    [Theory]
    [InlineData("tool.started", "not json")]
    [InlineData("tool.started", "[1,2]")]
    [InlineData("tool.started", "null")]
    [InlineData("tool.started", "{} {}")]
    [InlineData("tool.started", "{\"name\":")]
    [InlineData("something.new", "{}")]
    [InlineData("response.created", "{}")]
    public void Parse_WhatIsNotKnown_IsUnknown(string type, string data) =>
        Assert.IsType<UnknownRunEvent>(RunEventRecords.Parse(type, Encoding.UTF8.GetBytes(data)));

    [Theory]
    [InlineData("run.created", """{"session_id":"ses_1","agent":5}""")]
    [InlineData("run.completed", """{"duration_ms":5,"usage":"none"}""")]
    [InlineData("user.message", "{\"text\":\"\\ud800\"}")]
    public void Parse_AnObjectThatCannotBeRead_IsTheRecordOfItsTypeWithoutFields(string type, string data) =>
        Assert.Equal(RunEventRecords.Parse(type, []), RunEventRecords.Parse(type, Encoding.UTF8.GetBytes(data)));

    [Fact]
    public void Parse_FieldsOfAnotherKindAndNewOnes_AreNullAndPassedOver()
    {
        var failed = Assert.IsType<RunFailed>(RunEventRecords.Parse(
            RunEventTypes.RunFailed,
            """{"duration_ms":"soon","usage":{"input_tokens":"many","output_tokens":3},"cost":{"partial":"x"},"code":7,"message":["a"],"new":{"x":1}}"""u8));

        Assert.Null(failed.Duration);
        Assert.Equal(0, failed.Usage?.InputTokens);
        Assert.Equal(3, failed.Usage?.OutputTokens);
        Assert.Null(failed.Cost?.Partial);
        Assert.Equal("7", failed.Code);
        Assert.Equal("[\"a\"]", failed.Message);
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(1500, 1500L)]
    [InlineData(long.MaxValue, 365L * 24 * 60 * 60 * 1000)]
    public void Parse_Durations_AreMillisecondsFromZeroToAYear(long written, long? read)
    {
        var started = Assert.IsType<ToolStarted>(RunEventRecords.Parse(
            RunEventTypes.ToolStarted, Encoding.UTF8.GetBytes($$"""{"name":"find","deadline_ms":{{written}}}""")));

        Assert.Equal(read, (long?)started.Deadline?.TotalMilliseconds);
    }

    [Fact]
    public void Write_AnUnknownEvent_IsRefused() =>
        Assert.Throws<KeyNotFoundException>(() => RunEventRecords.Write(UnknownRunEvent.Instance));

    [Fact]
    public void Records_AreOneForEveryTypeThatTheProductWrites()
    {
        var records = typeof(RunEventPayload).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(RunEventPayload)) && !type.IsAbstract && type != typeof(UnknownRunEvent));

        Assert.Equal(
            s_types.Order(StringComparer.Ordinal),
            records.Select(record => RunEventRecords.TypeOf((RunEventPayload)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(record))).Order(StringComparer.Ordinal));
    }

    /// <summary>The same payload with each value, at any depth, replaced by others of every kind, or left out.</summary>
    private static IEnumerable<string> Broken(JsonObject payload)
    {
        string[] others = ["null", "true", "-7", "1e400", "\"x\"", "\"\\ud800\"", "[]", "[null]", "{}", "{\"a\":[1]}"];
        foreach (var path in Paths(payload, []).ToArray())
        {
            foreach (var other in others)
            {
                yield return With(payload, path, "\"@@\"").Replace("\"@@\"", other, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode? node, object[] path)
    {
        IEnumerable<(object Key, JsonNode? Value)> children = node switch
        {
            JsonObject map => map.Select(pair => ((object)pair.Key, pair.Value)),
            JsonArray list => list.Select((item, index) => ((object)index, item)),
            _ => [],
        };
        foreach (var (key, value) in children)
        {
            object[] to = [.. path, key];
            yield return to;
            foreach (var deeper in Paths(value, to))
            {
                yield return deeper;
            }
        }
    }

    private static string With(JsonObject payload, object[] path, string json)
    {
        var copy = payload.DeepClone();
        JsonNode at = copy;
        foreach (var key in path[..^1])
        {
            at = key is int index ? at[index]! : at[(string)key]!;
        }

        if (path[^1] is int last)
        {
            at[last] = JsonNode.Parse(json);
        }
        else
        {
            at[(string)path[^1]] = JsonNode.Parse(json);
        }

        return copy.ToJsonString(JsonSerializerOptions.Default);
    }
}
