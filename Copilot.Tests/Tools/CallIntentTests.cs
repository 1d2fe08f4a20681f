using System.Buffers;
using System.Text.Json;
using Copilot.Domain.Tools;
using Copilot.Domain.Tools.Schemas;

namespace Copilot.Tests.Tools;

public sealed class CallIntentTests
{
    private const string Part = """{"type":"object","properties":{"part":{"type":"string"}},"required":["part"],"additionalProperties":false}""";

    private static readonly string s_fullLine = new('x', CallIntent.MaxLength);

    [Fact]
    public void WriteParameters_AnyTool_AsksForTheIntentFirstAndStaysStrict()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            CallIntent.WriteParameters(writer, Tool(Part));
        }

        using var sent = JsonDocument.Parse(buffer.WrittenMemory);
        Assert.Equal(["intent", "part"], sent.RootElement.GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal("""["string","null"]""", sent.RootElement.GetProperty("properties").GetProperty("intent").GetProperty("type").GetRawText());
        Assert.Empty(StrictSchema.ErrorsOf(sent.RootElement));
    }

    [Theory]
    [InlineData("""{"intent":"Looking for a seal kit","part":"seal","n":1.50}""", """{"part":"seal","n":1.50}""", "Looking for a seal kit")]
    [InlineData("""{"part":"s\u00e9al","intent":"x"}""", """{"part":"s\u00e9al"}""", "x")]
    [InlineData("""{"intent":null,"part":"a"}""", """{"part":"a"}""", null)]
    [InlineData("""{"intent":{"a":1},"part":"a"}""", """{"part":"a"}""", null)]
    [InlineData("""{"intent":"one","intent":"two","part":"a","part":"b"}""", """{"part":"a","part":"b"}""", "two")]
    [InlineData("""{"intent":" \n\t "}""", "{}", null)]
    [InlineData("""{"part":{"intent":"of the part"}}""", """{"part":{"intent":"of the part"}}""", null)]
    [InlineData("""{ "part": "a" }""", """{ "part": "a" }""", null)]
    [InlineData("""["intent"]""", """["intent"]""", null)]
    [InlineData("""{"intent":""", """{"intent":""", null)]
    [InlineData("", "", null)]
    public void Split_WhatTheModelWrote_LeavesTheToolsOwnArguments(string written, string own, string? said)
    {
        Assert.Equal(own, CallIntent.Split(Tool(Part), written, out var intent));
        Assert.Equal(said, intent);
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"intent":{"type":"string"}},"required":["intent"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"parts":{"type":"array","items":{"$ref":"#"}}},"required":["parts"],"additionalProperties":false}""")]
    public void Split_ToolWithAnIntentOrAPartLikeItself_KeepsAll(string schema)
    {
        Assert.False(CallIntent.Fits(Tool(schema)));
        Assert.Equal("""{"intent":"buy"}""", CallIntent.Split(Tool(schema), """{"intent":"buy"}""", out var intent));
        Assert.Null(intent);
    }

    [Fact]
    public void Split_FreeTextOrNoTool_KeepsAll()
    {
        var query = new ToolDefinition { Name = "query", Description = "Asks.", FreeText = FreeText.Any };

        Assert.Equal("""{"intent":"buy"}""", CallIntent.Split(query, """{"intent":"buy"}""", out _));
        Assert.Equal("""{"intent":"buy"}""", CallIntent.Split(null, """{"intent":"buy"}""", out _));
    }

    [Fact]
    public void Clean_AnyText_IsOneShortLineThatTurnsNothingAround()
    {
        Assert.Equal("Order two", CallIntent.Clean(" Order\r\n\ttwo\u0007 "));
        Assert.Equal("safe txt.exe", CallIntent.Clean("safe \u202Etxt.exe\u200B"));
        Assert.Equal("👩‍🔧 می‌خواهم", CallIntent.Clean("👩‍🔧 می‌خواهم"));
        Assert.Equal(s_fullLine, CallIntent.Clean(s_fullLine));
        Assert.Equal(new string('x', CallIntent.MaxLength - 1) + "…", CallIntent.Clean(s_fullLine + "x"));
        Assert.Equal(new string('x', CallIntent.MaxLength - 2) + "…", CallIntent.Clean(new string('x', CallIntent.MaxLength - 2) + "😀😀"));
    }

    private static ToolDefinition Tool(string schema) =>
        new() { Name = "find", Description = "Finds.", Parameters = JsonDocument.Parse(schema).RootElement };
}
