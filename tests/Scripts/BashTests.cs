namespace GanPipeline.Scripts.Tests;

[Collection("builds")]
public class BashTests() : ScriptTests("gan")
{
    [ScriptFact("gan")]
    public void Program_is_built_once_and_again_after_a_change() => Check_program_is_built_once_and_again_after_a_change();

    [ScriptFact("gan")]
    public void One_of_several_processes_does_not_build() => Check_one_of_several_processes_does_not_build();

    [ScriptFact("gan")]
    public void The_studio_is_told_of_the_program() => Check_the_studio_is_told_of_the_program();

    [ScriptFact("gan")]
    public void Tests_are_counted_and_a_crash_is_a_failure() => Check_tests_are_counted_and_a_crash_is_a_failure();

    [ScriptFact("gan")]
    public void Missing_and_older_SDKs_are_told() => Check_missing_and_older_SDKs_are_told();

    [ScriptFact("gan")]
    public void A_configuration_without_feeds_is_told() => Check_a_configuration_without_feeds_is_told();

    [ScriptFact("gan")]
    public void What_a_feed_lacks_is_told() => Check_what_a_feed_lacks_is_told();

    [ScriptFact("gan", smallDisk: true)]
    public void A_full_disk_is_told() => Check_a_full_disk_is_told();

    [ScriptFact("gan")]
    public void Systems_without_libtorch_are_told() => Check_systems_without_libtorch_are_told();

    [ScriptFact("gan")]
    public void The_program_lists_its_pipelines_and_refuses_a_wrong_command()
        => Check_the_program_lists_its_pipelines_and_refuses_a_wrong_command();
}
