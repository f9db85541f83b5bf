using GanPipeline.Training;

namespace GanPipeline.Studio.Tests;

/// <summary>The languages have the same texts, and the pages find those that they name.</summary>
public class TextsTests
{
    [Fact]
    public void Every_language_has_every_text()
    {
        var english = Texts.All.First();
        Assert.All(Texts.All, texts =>
        {
            Assert.Equal(english.Keys.Order(), texts.Keys.Order());
            Assert.All(texts.Keys, key => Assert.NotEqual("", texts[key].Trim()));
        });
    }

    [Theory]
    [InlineData("home")]
    [InlineData("lab")]
    [InlineData("runs")]
    [InlineData("run")]
    [InlineData("models")]
    [InlineData("generator")]
    [InlineData("bricks")]
    [InlineData("translator")]
    [InlineData("pose")]
    [InlineData("new")]
    [InlineData("compare")]
    public void A_page_names_only_texts_that_there_are(string page) =>
        Assert.All(Pages.Keys(page), key => Assert.Contains(key, Texts.All.First().Keys));

    [Fact]
    public void Presets_phases_and_conditions_have_texts()
    {
        var keys = Texts.All.First().Keys;
        foreach (var (name, _) in LabPresets.All) Assert.Contains($"lab.preset-text.{name}", keys);
        foreach (var phase in Enum.GetValues<LabPhase>().Where(phase => phase != LabPhase.None))
            Assert.Contains($"lab.phase.{System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(phase.ToString())}", keys);
        // What a lab is not looked at for.
        foreach (var condition in Enum.GetValues<TrainingCondition>().Except([TrainingCondition.Overfitting, TrainingCondition.Copying]))
            foreach (var kind in new[] { "condition", "condition-meaning", "condition-help" })
                Assert.Contains($"lab.{kind}.{condition.Key()}", keys);
    }
}
