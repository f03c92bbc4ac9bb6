/** Error codes HF46xx and HF47xx: holdfastd, and the commands of the cluster. */
export const commandErrors = {
  HF4600: "the command line is not understood",
  HF4601: "XML that cannot be read",
  HF4602: "there is no XML to work with",
  HF4603: "a file cannot be read",
  HF4604: "this needs the running cluster",
  HF4605: "an option of the field's tool that is not supported",
  HF4606: "what is asked for destroys, and needs --force",
  HF4607: "a simulation supposes what cannot be",
  HF4608: "there is no such shadow copy of the CIB",
  HF4609: "a transition is not kept",
  HF4611: "what is given is larger than a CIB can be",
  HF4612: "whether a rule is in effect cannot be told",
  HF4613: "crm_mon does not go on in the background",
  HF4630: "a domain file is not understood",
  HF4631: "no such guest is on this node",
  HF4632: "the console of a guest cannot be reached",
} as const;
