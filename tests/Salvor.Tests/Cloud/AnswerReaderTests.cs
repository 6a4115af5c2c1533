using System.Text;
using System.Xml;
using Salvor.Providers.Aws;

namespace Salvor.Tests.Cloud;

public sealed class AnswerReaderTests
{
    [Fact]
    public void Elements_are_found_by_their_local_names()
    {
        var root = Read("""
            <?xml version="1.0"?>
            <!-- a comment -->
            <a:Answer xmlns:a="urn:1" xmlns="urn:2">
              <List><member><Name> x </Name></member><member><Name>y</Name></member><other/></List>
              <Empty/><Data><![CDATA[<b>]]></Data>
            </a:Answer>
            """);

        Assert.Equal("Answer", root.Name);
        Assert.Equal([" x ", "y"], root.Members("List").Select(member => member.TextOf("Name")));
        Assert.Equal("<b>", root.TextOf("Data"));
        Assert.Null(root.TextOf("Empty"));
        Assert.Null(root.TextOf("Absent"));
        Assert.Empty(root.Members("Absent"));
        Assert.Equal("y", root.Find("List")!.Children[1].Find("Name")!.Text);
        Assert.Null(root.Find("Absent"));
    }

    [Theory]
    [InlineData("<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code></Error></ErrorResponse>")]
    [InlineData("<Response><Errors><Error><Code>Throttling</Code></Error></Errors></Response>")]
    [InlineData("<ErrorResponse><Errors><Error><Code>Throttling</Code></Error></Errors></ErrorResponse>")]
    public void Code_of_an_error_is_found_wherever_it_is(string xml) =>
        Assert.Equal("Throttling", Read(xml).Find("Code")!.Text);

    [Theory]
    [InlineData("")]
    [InlineData("not XML")]
    [InlineData("<a>")]
    [InlineData("<a></b>")]
    [InlineData("<a/><b/>")]
    [InlineData("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>")]
    [InlineData("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>")]
    [InlineData("<a>&undefined;</a>")]
    public void Anything_else_than_plain_XML_is_refused(string text)
    {
        Assert.Throws<XmlException>(() => Read(text));
        Assert.Throws<XmlException>(() => AnswerReader.Check(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Depth_has_a_bound()
    {
        Assert.NotNull(Read(Nested(AnswerReader.DepthMax)));
        AnswerReader.Check(Encoding.UTF8.GetBytes(Nested(AnswerReader.DepthMax)));

        Assert.Throws<XmlException>(() => Read(Nested(AnswerReader.DepthMax + 2)));
        Assert.Throws<XmlException>(
            () => AnswerReader.Check(Encoding.UTF8.GetBytes(Nested(AnswerReader.DepthMax + 2))));
        Assert.Throws<XmlException>(() => Read(string.Concat(Enumerable.Repeat("<a>", 100_000))));
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));

    private static AnswerElement Read(string xml) => AnswerReader.Read(Encoding.UTF8.GetBytes(xml));
}
