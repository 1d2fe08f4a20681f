using Copilot.Domain.Tools.Schemas;

namespace Copilot.Tests.Tools;

public class StrictSchemaTests
{
    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string","null"]}},"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"integer"}}},"required":["a"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","$defs":{"x":{"type":"string"}},"properties":{"a":{"anyOf":[{"$ref":"#/$defs/x"},{"type":"null"}]}},"required":["a"],"additionalProperties":false}""")]
    public void ErrorsOf_StrictSchema_FindsNone(string schema)
    {
        Assert.Empty(StrictSchema.ErrorsOf(ScriptedTool.Schema(schema)));
    }

    [Theory]
    [InlineData("true", "the schema is not a JSON object.")]
    [InlineData("""{"type":["object","null"],"properties":{},"additionalProperties":false}""", "the root is not of type 'object'.")]
    [InlineData("""{"type":"object","additionalProperties":false}""", "the root has no 'properties'.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":[],"additionalProperties":false}""", "the root does not require 'a'; make it nullable instead.")]
    [InlineData("""{"type":"object","properties":{},"required":["b"],"additionalProperties":false}""", "the root requires 'b', which is not among its properties.")]
    [InlineData("""{"type":"object","properties":{"a":{}},"required":["a"],"additionalProperties":false}""", "'a' has no type.")]
    [InlineData("""{"type":"object","properties":{"a":true},"required":["a"],"additionalProperties":false}""", "'a' is not a schema object.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"text"}},"required":["a"],"additionalProperties":false}""", "'a' has the unknown type \"text\".")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array"}},"required":["a"],"additionalProperties":false}""", "'a' is an array without 'items'.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","maxLength":5}},"required":["a"],"additionalProperties":false}""", "'a' uses 'maxLength', which strict schemas do not allow.")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"required":["a"],"additionalProperties":false}""", "'a' refers to '#/$defs/x', which is not defined.")]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":[]}},"required":["a"],"additionalProperties":false}""", "'a' has an 'anyOf' without branches.")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","properties":{}}},"required":["a"],"additionalProperties":false}""", "'a' is not closed with 'additionalProperties': false.")]
    public void ErrorsOf_LooseSchema_NamesThePlace(string schema, string error)
    {
        Assert.Equal([error], StrictSchema.ErrorsOf(ScriptedTool.Schema(schema)));
    }
}
