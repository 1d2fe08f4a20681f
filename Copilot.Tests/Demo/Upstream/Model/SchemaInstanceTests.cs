using System.Text.Json;
using System.Text.Json.Nodes;
using Copilot.Demo.Upstream.Model.Schemas;
namespace Copilot.Tests.Demo.Upstream.Model;

public sealed class SchemaInstanceTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"null"}}}""", """{"a":"demo a","b":null}""")]
    [InlineData("""{"type":"array","items":{"type":"boolean"}}""", "[true,true]")]
    [InlineData("""{"type":"array","minItems":3,"items":{"type":"integer"}}""", "[1,1,1]")]
    [InlineData("""{"type":"array","maxItems":1,"items":{"type":"integer"}}""", "[1]")]
    [InlineData("""{"type":"string","enum":["red","green"]}""", "\"red\"")]
    [InlineData("""{"const":7}""", "7")]
    [InlineData("""{"type":"integer","minimum":10,"maximum":20}""", "10")]
    [InlineData("""{"type":"integer","maximum":-3}""", "-3")]
    [InlineData("""{"type":"integer","minimum":2.5}""", "3")]
    [InlineData("""{"type":"number","minimum":0,"maximum":0.5}""", "0.5")]
    [InlineData("""{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}""", "0.5")]
    [InlineData("""{"type":["string","null"]}""", "\"demo\"")]
    [InlineData("""{"anyOf":[{"type":"null"},{"type":"integer"}]}""", "1")]
    [InlineData("""{"$defs":{"p":{"type":"object","properties":{"x":{"type":"number"}}}},"type":"array","items":{"$ref":"#/$defs/p"}}""", """[{"x":1},{"x":1}]""")]
    [InlineData("""{"$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}}}},"$ref":"#/$defs/n"}""", "{}")]
    [InlineData("""{"type":"object","properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#"}}},"required":["name","children"]}""", """{"name":"demo name","children":[]}""")]
    [InlineData("""{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"]}""", """{"next":null}""")]
    [InlineData("""{"$defs":{"n":{"type":["object","null"],"properties":{"next":{"$ref":"#/$defs/n"}},"required":["next"]}},"type":"object","properties":{"list":{"$ref":"#/$defs/n"}},"required":["list"]}""", """{"list":null}""")]
    [InlineData("""{"type":"object","properties":{"of":{"anyOf":[{"$ref":"#"},{"type":"integer"}]}},"required":["of"]}""", """{"of":1}""")]
    public void Make_OfTheSubset_IsAValidInstance(string schema, string expected)
    {
        var instance = new SchemaInstance(Parse(schema), SchemaHints.None).Make();

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), instance), instance?.ToJsonString());
    }

    [Theory]
    [InlineData("""{"$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}},"required":["next"]}},"$ref":"#/$defs/n"}""")]
    [InlineData("""{"type":"object","properties":{"children":{"type":"array","minItems":1,"items":{"$ref":"#"}}},"required":["children"]}""")]
    [InlineData("""{"$ref":"#/$defs/missing"}""")]
    [InlineData("""{"$ref":"https://example.com/schema"}""")]
    [InlineData("""{"type":"integer","minimum":3,"maximum":2}""")]
    [InlineData("""{"type":"string","enum":[]}""")]
    [InlineData("""{"type":"array","minItems":1000000,"items":{"type":"string"}}""")]
    public void Make_OutsideTheSubset_Throws(string schema) =>
        Assert.Throws<UnsupportedSchemaException>(() => new SchemaInstance(Parse(schema), SchemaHints.None).Make());

    [Fact]
    public void Make_WithAText_UsesItsNumbersAndWords()
    {
        var hints = new SchemaHints("Paint 3 doors green", _ => null, DateTimeOffset.UnixEpoch);
        var schema = Parse("""{"type":"object","properties":{"count":{"type":"integer"},"color":{"type":"string","enum":["red","green"]}}}""");

        Assert.Equal("""{"count":3,"color":"green"}""", new SchemaInstance(schema, hints).Make()!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}""", null)]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}""", "additionalProperties")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false}""", "Missing 'a'")]
    [InlineData("""{"type":"array","items":{"type":"string"}}""", "object")]
    public void Flaw_OfAStrictSchema_IsNamed(string schema, string? expected)
    {
        var flaw = StrictSchema.Flaw(Parse(schema));

        if (expected is null)
        {
            Assert.Null(flaw);
        }
        else
        {
            Assert.Contains(expected, flaw, StringComparison.Ordinal);
        }
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
