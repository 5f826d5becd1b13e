// What each script of ours that sends messages to the kernel needs to know of it. It stands in front
// of the script: a widget's code is one text.

const ENDING = /dead|term|restart/;

const isConnected = (model, element) => {
  if (element.closest(".jupyter-widgets-disconnected")) return false;
  const kernel = model.widget_manager?.kernel;
  if (kernel === undefined) return true; // another program than JupyterLab: it doesn't say
  return kernel?.connectionStatus === "connected" && !ENDING.test(kernel.status);
};

// No answer comes from a kernel that was restarted meanwhile. Gives what ends the listening.
const when_kernel_ends = (model, end) => {
  const kernel = model.widget_manager?.kernel;
  const changed = (_, status) => {
    if (ENDING.test(status)) end();
  };
  kernel?.statusChanged?.connect(changed);
  kernel?.disposed?.connect(end);
  return () => {
    kernel?.statusChanged?.disconnect(changed);
    kernel?.disposed?.disconnect(end);
  };
};

// What is sent and the cells that are run have one order, and one thread of the kernel. Where
// JupyterLab gives widgets another one beside it ("subshell"), a cell that is run right after a click
// would not wait for it: so a widget leaves it, once it is there.
const share_thread_with_cells = async (model, key) => {
  const manager = model.widget_manager;
  if (!manager?.kernel?.supportsSubshells) return;
  const channel = (await manager.get_model(key)).comm?.jsServicesComm;
  if ((channel?.commsOverSubshells ?? "disabled") === "disabled") return;
  await channel.subshellStarted.catch(() => {}); // where it can't be had, there is none to leave
  channel.commsOverSubshells = "disabled";
};

