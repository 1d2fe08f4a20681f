using System.Text;
using System.Text.Json;
using Copilot.Domain.Responses.Events;

namespace Copilot.Tests.Responses.Events;

/// <summary>The walk takes and refuses what the framework's reader does.</summary>
public sealed class JsonMemberReaderTests
{
    private const string Frame =
        """{"type":"response.output_item.done","sequence_number":12,"output_index":-0.5e+3,"item":{"id":"i","ok":[true,false,null,[],{}],"text":"a\"b\\c\u00e4\ud83d\ude00 😀","n":[0,1.25,-7,1E9]} , "empty":{}}""";

    [Theory]
    [InlineData("""{"a":1}""")]
    [InlineData(""" { "a" : [ 1 , { } , "x" ] } """)]
    [InlineData("""[]""")]
    [InlineData("""{}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":-}""")]
    [InlineData("""{"a":1.}""")]
    [InlineData("""{"a":.5}""")]
    [InlineData("""{"a":1e}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""[1,]""")]
    [InlineData("""{"a" 1}""")]
    [InlineData("""{a:1}""")]
    [InlineData("""{"a":tru}""")]
    [InlineData("""{"a":"\x"}""")]
    [InlineData("""{"a":"\u12g4"}""")]
    [InlineData("""{"a":"\u12""")]
    [InlineData("""{"a":1}}""")]
    [InlineData("""{"a":1} x""")]
    [InlineData("""{"a":{"b":[}}""")]
    [InlineData("{\"a\":\"line\nbreak\"}")]
    [InlineData("""{"a":"never ends""")]
    [InlineData("""/* no */{}""")]
    [InlineData("")]
    public void Next_AnyText_AgreesWithTheFramework(string json) => AssertAgrees(Encoding.UTF8.GetBytes(json));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Next_Nesting_EndsAtSixtyFourLevels(int inner, bool valid)
    {
        var json = Encoding.UTF8.GetBytes("{\"a\":" + new string('[', inner) + new string(']', inner) + "}");

        Assert.Equal(valid, IsWhole(json));
        AssertAgrees(json);
    }

    [Fact]
    public void Next_MutatedFrames_AgreesWithTheFramework()
    {
        var random = new Random(20261123);
        for (var i = 0; i < 20_000; i++)
        {
            var json = Encoding.UTF8.GetBytes(Frame);
            for (var change = random.Next(1, 4); change > 0 && json.Length > 1; change--)
            {
                var at = random.Next(json.Length);
                json = random.Next(4) switch
                {
                    0 => [.. json[..at], .. json[(at + 1)..]],
                    1 => [.. json[..at], json[random.Next(json.Length)], .. json[at..]],
                    2 => [.. json[..at], (byte)random.Next(256), .. json[(at + 1)..]],
                    _ => json[..(at + 1)],
                };
            }

            AssertAgrees(json);
        }
    }

    [Fact]
    public void Next_Members_LieWhereTheirValuesAre()
    {
        var json = Encoding.UTF8.GetBytes(Frame);
        using var document = JsonDocument.Parse(json);
        var walk = new JsonMemberReader(json);
        foreach (var expected in document.RootElement.EnumerateObject())
        {
            Assert.True(walk.Next());
            Assert.Equal(expected.Name, Encoding.UTF8.GetString(walk.Name));
            Assert.Equal(expected.Value.GetRawText(), Encoding.UTF8.GetString(walk.Value.Of(json.AsSpan())));
        }

        Assert.False(walk.Next());
        Assert.True(walk.IsWhole);
    }

    private static void AssertAgrees(byte[] json) =>
        Assert.True(IsWhole(json) == FrameworkTakes(json), "The two disagree on: " + Encoding.Latin1.GetString(json));

    private static bool IsWhole(byte[] json)
    {
        var walk = new JsonMemberReader(json);
        while (walk.Next())
        {
        }

        return walk.IsWhole;
    }

    private static bool FrameworkTakes(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            {
                return false;
            }

            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
