using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Schemas;

namespace Copilot.Tests.Tools;

public class ToolArgumentsTests
{
    private const string Valid = """
        {"part_id":"prt_1","quantity":2,"price":1.5,"urgent":true,"kind":"spare_part","due":"2026-11-30","site":{"city":"Essen"},"tags":["a"]}
        """;

    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public enum Kind
    {
        SparePart,
        Consumable,
    }

    public sealed record Assembly(Part Root);

    public sealed record Part(string Name, IReadOnlyList<Part> Parts);

    public sealed record Chain(string Name, Chain? Next);

    public sealed record Chained(Chain First, Chain Second);

    [Fact]
    public void SchemaOf_RecursionBelowTheRoot_IsStrictAndCheckedToItsDepth()
    {
        var schema = ToolArguments.SchemaOf<Assembly>();

        Assert.Empty(StrictSchema.ErrorsOf(schema));
        Assert.Contains("\"#/$defs/type_1\"", schema.GetRawText(), StringComparison.Ordinal);
        Assert.Single(schema.GetProperty("$defs").EnumerateObject());
        Assert.Empty(StrictSchema.ErrorsOf(ToolArguments.SchemaOf<Chained>()));
        Assert.Empty(ToolArguments.ErrorsOf<Assembly>(Json("""{"root":{"name":"a","parts":[{"name":"b","parts":[]}]}}""")));
        Assert.Equal("root.parts[0].name", Assert.Single(ToolArguments.ErrorsOf<Assembly>(Json("""{"root":{"name":"a","parts":[{"name":7,"parts":[]}]}}"""))).Argument);
        Assert.Empty(ToolArguments.ErrorsOf<Chained>(Json("""{"first":{"name":"a","next":null},"second":{"name":"b","next":{"name":"c","next":null}}}""")));
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    [Fact]
    public void SchemaOf_RecordWithEveryKindOfField_IsStrict()
    {
        var schema = ToolArguments.SchemaOf<Everything>();

        Assert.Equal(
            """
            {
              "type": "object",
              "properties": {
                "part_id": {
                  "type": "string",
                  "description": "The part, 1 to 20 characters."
                },
                "quantity": {
                  "type": "integer",
                  "description": "How many.",
                  "minimum": 1,
                  "maximum": 100
                },
                "price": {
                  "type": "number",
                  "minimum": 0.5,
                  "maximum": 9.5
                },
                "urgent": {
                  "type": "boolean"
                },
                "kind": {
                  "type": "string",
                  "enum": [
                    "spare_part",
                    "consumable"
                  ]
                },
                "due": {
                  "type": "string",
                  "format": "date"
                },
                "site": {
                  "type": "object",
                  "properties": {
                    "city": {
                      "type": "string",
                      "description": "at most 9 characters."
                    }
                  },
                  "required": [
                    "city"
                  ],
                  "additionalProperties": false
                },
                "tags": {
                  "type": "array",
                  "items": {
                    "type": "string"
                  }
                },
                "note": {
                  "type": [
                    "string",
                    "null"
                  ]
                },
                "count": {
                  "type": [
                    "integer",
                    "null"
                  ],
                  "minimum": 0,
                  "maximum": 3
                },
                "other_kind": {
                  "type": [
                    "string",
                    "null"
                  ],
                  "enum": [
                    "spare_part",
                    "consumable",
                    null
                  ]
                }
              },
              "required": [
                "part_id",
                "quantity",
                "price",
                "urgent",
                "kind",
                "due",
                "site",
                "tags",
                "note",
                "count",
                "other_kind"
              ],
              "additionalProperties": false
            }
            """,
            JsonSerializer.Serialize(schema, s_indented));
        Assert.Empty(StrictSchema.ErrorsOf(schema));
    }

    [Fact]
    public void SchemaOf_RecordWithoutFields_IsAStrictEmptyObject()
    {
        Assert.Equal(
            """{"type":"object","properties":{},"required":[],"additionalProperties":false}""",
            ToolArguments.SchemaOf<Nothing>().GetRawText());
    }

    [Fact]
    public void SchemaOf_RecordWithAMap_IsRefusedByTheRegistry()
    {
        Assert.NotEmpty(StrictSchema.ErrorsOf(ToolArguments.SchemaOf<WithMap>()));
    }

    [Fact]
    public void Read_ValidWithOptionalFieldsLeftOut_GivesTheRecord()
    {
        var read = Read(Valid);

        Assert.Equal(
            new Everything("prt_1", 2, 1.5m, true, Kind.SparePart, new DateOnly(2026, 11, 30), new Site("Essen"), read.Tags, null, null, null),
            read);
        Assert.Equal(["a"], read.Tags);
    }

    [Theory]
    [InlineData("part_id", null, "The argument 'part_id' is missing; it must be a text of 1 to 20 characters.")]
    [InlineData("part_id", "null", "The argument 'part_id' must be a text of 1 to 20 characters, but it is null.")]
    [InlineData("part_id", "\"\"", "The argument 'part_id' must be a text of 1 to 20 characters, but it is the text ''.")]
    [InlineData("part_id", "17", "The argument 'part_id' must be a text of 1 to 20 characters, but it is 17.")]
    [InlineData("quantity", "0", "The argument 'quantity' must be a whole number from 1 to 100, but it is 0.")]
    [InlineData("quantity", "101", "The argument 'quantity' must be a whole number from 1 to 100, but it is 101.")]
    [InlineData("quantity", "1.5", "The argument 'quantity' must be a whole number from 1 to 100, but it is 1.5.")]
    [InlineData("quantity", "\"2\"", "The argument 'quantity' must be a whole number from 1 to 100, but it is the text '2'.")]
    [InlineData("quantity", "1e99", "The argument 'quantity' must be a whole number from 1 to 100, but it is 1e99.")]
    [InlineData("price", "10", "The argument 'price' must be a number from 0.5 to 9.5, but it is 10.")]
    [InlineData("urgent", "\"yes\"", "The argument 'urgent' must be true or false, but it is the text 'yes'.")]
    [InlineData("kind", "\"SparePart\"", "The argument 'kind' must be one of 'spare_part', 'consumable', but it is the text 'SparePart'.")]
    [InlineData("kind", "0", "The argument 'kind' must be one of 'spare_part', 'consumable', but it is 0.")]
    [InlineData("due", "\"30.11.2026\"", "The argument 'due' must be a date like '2026-11-30', but it is the text '30.11.2026'.")]
    [InlineData("site", "{}", "The argument 'site.city' is missing; it must be a text of 0 to 9 characters.")]
    [InlineData("site", "[]", "The argument 'site' must be an object, but it is a list.")]
    [InlineData("tags", "[\"a\",1]", "The argument 'tags[1]' must be a text, but it is 1.")]
    [InlineData("tags", "\"a\"", "The argument 'tags' must be a list, but it is the text 'a'.")]
    [InlineData("count", "4", "The argument 'count' must be a whole number from 0 to 3, or null, but it is 4.")]
    [InlineData("colour", "1", "There is no argument 'colour'; there are: part_id, quantity, price, urgent, kind, due, site, tags, note, count, other_kind.")]
    public void Read_OneFieldIsWrong_NamesItInASentence(string field, string? value, string sentence)
    {
        var arguments = System.Text.Json.Nodes.JsonNode.Parse(Valid)!.AsObject();
        arguments.Remove(field);
        if (value is not null)
        {
            arguments[field] = System.Text.Json.Nodes.JsonNode.Parse(value);
        }

        var exception = Assert.Throws<ToolException>(() => Read(arguments.ToJsonString()));

        Assert.Equal(sentence, exception.Message);
    }

    [Fact]
    public void Read_SeveralFieldsAreWrong_NamesThemAll()
    {
        var exception = Assert.Throws<ToolException>(() => Read("""{"quantity":0}"""));

        Assert.All(
            (string[])["part_id", "quantity", "price", "urgent", "kind", "due", "site", "tags"],
            field => Assert.Contains($"'{field}'", exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_WholeNumberTooLargeForItsType_NamesTheField()
    {
        var arguments = JsonDocument.Parse("""{"number":3000000000}""").RootElement;

        var exception = Assert.Throws<ToolException>(() => ToolArguments.Read<Unlimited>(arguments));

        Assert.Equal("The argument 'number' has a value that cannot be used.", exception.Message);
    }

    [Fact]
    public async Task InvokeAsync_ToolWithARecord_BadArgumentsNeverReachIt()
    {
        await using var harness = ToolHarness.Of(new UnlimitedTool());

        var good = await harness.InvokeAsync("unlimited", """{"number":3}""");
        var bad = await harness.InvokeAsync("unlimited", """{"numbre":3}""");

        Assert.Equal(ToolOutcome.Ok, good.Outcome);
        Assert.Equal("3", good.Output);
        Assert.Equal(ToolOutcome.Failed, bad.Outcome);
        Assert.Equal("The argument 'number' is missing; it must be a whole number. There is no argument 'numbre'; there are: number.", bad.Output);
    }

    private static Everything Read(string json)
    {
        return ToolArguments.Read<Everything>(JsonDocument.Parse(json).RootElement);
    }

    public sealed record Everything(
        [Description("The part."), StringLength(20, MinimumLength = 1)] string PartId,
        [Description("How many."), Range(1, 100)] int Quantity,
        [Range(0.5, 9.5)] decimal Price,
        bool Urgent,
        Kind Kind,
        DateOnly Due,
        Site Site,
        IReadOnlyList<string> Tags,
        string? Note,
        [Range(0, 3)] int? Count,
        Kind? OtherKind);

    public sealed record Site([StringLength(9)] string City);

    public sealed record Nothing;

    public sealed record WithMap(Dictionary<string, string> Map);

    public sealed record Unlimited(int Number);

    private sealed class UnlimitedTool : Tool<Unlimited>
    {
        public override ToolDefinition Definition { get; } = Define("unlimited", "Takes any number.") with { ReadOnly = true };

        protected override Task<ToolResult> InvokeAsync(ToolContext context, Unlimited arguments, CancellationToken cancellationToken)
        {
            return Task.FromResult(ToolResult.Ok(arguments.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
    }
}
