using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace GanPipeline.Export;

/// <summary>
/// Runs asynchronous methods of the program as copies, to their ends and on the recording thread: what they wait for is waited for.
/// </summary>
internal static class AsyncCalls
{
    /// <summary>What to call in place of a method of the compiler's builders of tasks; null where the method itself is right.</summary>
    public static DynamicMethod? For(MethodInfo target)
    {
        var type = target.DeclaringType!;
        if (type.Namespace != typeof(AsyncTaskMethodBuilder).Namespace || !type.Name.Contains("MethodBuilder") || !target.IsGenericMethod ||
            target.Name is not ("Start" or "AwaitOnCompleted" or "AwaitUnsafeOnCompleted")) return null;
        var parameters = MethodCopies.Parameters(target);
        var machine = parameters[^1].GetElementType()!;
        var step = machine.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        if (step is null || !MethodCopies.CanCopy(step) || CallWrappers.Copy(step) is not { } copy) return null;
        var wrapper = new DynamicMethod(target.Name, typeof(void), parameters, typeof(AsyncCalls).Module, true);
        var il = wrapper.GetILGenerator();
        if (target.Name != "Start")
        {
            var awaiter = parameters[1].GetElementType()!;
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldobj, awaiter);
            il.Emit(OpCodes.Box, awaiter);
            il.Emit(OpCodes.Call, typeof(AsyncCalls).GetMethod(nameof(Wait), BindingFlags.Static | BindingFlags.NonPublic)!);
        }
        il.Emit(OpCodes.Ldarg, (short)(parameters.Length - 1));
        if (!machine.IsValueType) il.Emit(OpCodes.Ldind_Ref);
        il.Emit(OpCodes.Call, copy);
        il.Emit(OpCodes.Ret);
        return wrapper;
    }

    private static void Wait(object awaiter)
    {
        using var done = new ManualResetEventSlim();
        var context = SynchronizationContext.Current;
        // Else the context, which is that of this thread, would be waited for.
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            ((INotifyCompletion)awaiter).OnCompleted(done.Set);
            done.Wait();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
